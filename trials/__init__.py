"""Whole installations, set up and tried as an operator would: one module or package for each `make` command."""
