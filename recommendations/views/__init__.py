"""Views, one module for a noun."""
