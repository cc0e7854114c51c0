"""Pages of documents, and the views that receive and send files."""
