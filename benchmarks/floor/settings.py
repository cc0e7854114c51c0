"""The product's own settings, with the addresses of the floor beside the product's."""

from tracker.settings import *  # noqa: F403 - all of the product, with one difference

ROOT_URLCONF = "benchmarks.floor.urls"
