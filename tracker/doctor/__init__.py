"""Looks at everything that an installation needs and says what to do: `python -m tracker.doctor`."""
