"""Views of figures: load, ask a query, answer."""
