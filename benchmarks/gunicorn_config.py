"""gunicorn for measuring: quiet, and the same kind of worker as the product's own."""

loglevel = "warning"
worker_class = "gthread"
keepalive = 60
