"""Writers: each turns the content of a summary into the bytes of one export format."""
