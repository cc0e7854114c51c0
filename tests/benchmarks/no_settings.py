"""Settings of a child process that needs none: it starts at once."""

SECRET_KEY = "only-for-tests"
