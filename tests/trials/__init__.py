"""Tests of what trials of whole installations read."""
