"""Pages of acts on many assignments: MAPO steers, and coordinators name officers."""
