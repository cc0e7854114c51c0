"""The product's settings with this app."""

from tracker.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.submissions.recipe"]  # noqa: F405
ROOT_URLCONF = "tests.submissions.recipe.urls"
