"""Event files without any Kafka: reading, checking, and folding them into KPIs on the same core."""
