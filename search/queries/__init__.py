"""What a search finds: one module a kind of thing, each bounded by the querysets that decide who may see it."""
