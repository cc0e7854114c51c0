"""What one page shows, in a fixed number of queries."""
