"""How passwords are hashed (docs/adr/0020)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SerialArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with costs that OWASP recommends: 46 MiB, once, in one lane.

    Django's own take 100 MiB twice in eight lanes: eight threads at once for each try, on all processors of the machine.
    """

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1
