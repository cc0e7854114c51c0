"""Forms about figures: their shape only."""
