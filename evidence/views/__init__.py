"""The pages of evidence, and the door through which files come in."""
