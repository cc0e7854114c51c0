"""Every write to documents, one module for each part of their life."""
