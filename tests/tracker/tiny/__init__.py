"""An app of one table, with a migration that locks it and one that builds an index beside its users."""
