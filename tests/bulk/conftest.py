"""The world of the core's tests serves this app too."""

from tests.recommendations.conftest import desk, draft, open_desk

__all__ = ["desk", "draft", "open_desk"]
