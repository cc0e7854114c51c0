"""What is measured against: bare pages, and statements written by hand."""
