"""Addresses that machines ask, not people."""

#: Where Prometheus reads numbers.
METRICS_PATH = "/metrics"
#: How the addresses begin that say how Jejak is.
HEALTH_PREFIX = "/health/"
