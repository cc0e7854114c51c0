"""Tests of what all kinds of submissions share."""
