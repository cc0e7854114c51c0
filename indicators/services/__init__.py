"""Every write of this app: one function an act."""
