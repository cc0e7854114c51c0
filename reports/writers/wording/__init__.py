"""The words of the formats that people read (PDF, Word): written once, rendered by each format."""
