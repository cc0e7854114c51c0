"""Anchors: the head of the chain, handed each night to places that the owner of the tables does not hold (ADR 1)."""
