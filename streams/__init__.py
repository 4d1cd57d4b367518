"""Adapters around the pure core: Kafka in, Kafka state, Prometheus text out, and the command line."""
