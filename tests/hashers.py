"""Argon2 as in production, but fast: tests check what is hashed, not how long a guess takes."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm and format with the smallest costs."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
