"""The product's own settings, with the floor's addresses beside the product's."""

from tracker.settings import *

ROOT_URLCONF = "benchmarks.urls"
