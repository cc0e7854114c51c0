"""`make failover`: two web hosts, a pool, and a database whose replica takes over while twenty people work."""
