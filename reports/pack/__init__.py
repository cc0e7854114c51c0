"""The evidence pack: the summary, what was accepted and every document that it cites, as one stream."""
