"""The project: settings, addresses, and what starts the processes."""

#: The version of Jejak; `pyproject.toml` and the compose files say the same.
__version__ = "1.0.0"
