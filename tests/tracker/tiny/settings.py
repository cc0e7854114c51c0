"""The product's settings with this app."""

from tracker.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.tracker.tiny"]  # noqa: F405
