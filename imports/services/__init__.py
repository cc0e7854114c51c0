"""Everything that changes an opening import: one function for each act."""
