"""What keeps the house in order: run by `make check` and `make test`, never by the product."""
