"""The product's own settings, with the floor's addresses beside the product's."""

from tracker.settings import *  # noqa: F403 - all of the product, with one difference

ROOT_URLCONF = "benchmarks.urls"
