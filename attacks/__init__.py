"""`make attack`: tries to break a running Jejak as an intruder would. Each attack prints repelled or succeeded."""
