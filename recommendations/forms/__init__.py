"""Forms, one module for a noun: they check the shape of what was typed and save nothing."""
