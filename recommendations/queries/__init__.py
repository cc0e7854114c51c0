"""What pages read: each module selects all that one page shows, in a fixed number of queries."""
