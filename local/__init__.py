"""What runs on one machine: the embedded Kafka and the demo around it."""
