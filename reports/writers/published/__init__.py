"""Published tables in their source's own layout, continued by what agencies reported, ready for the next press statement."""
