"""The rows of privacy: whoever is signed in may have a text looked at."""

from tests.matrix import Row, everybody

TEXT = {"name": "narrative", "id": "id_narrative", "text": "Mangsa KP 900101-14-5567"}

ROWS = [
    Row("privacy:check", everybody(), method="post", data=lambda _world: TEXT),
    Row("privacy:check", everybody(), method="post", data=lambda _world: TEXT | {"redact": "1"}),
]
