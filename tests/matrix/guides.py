"""The rows of the guides: everybody who is signed in reads all of them."""

from tests.matrix import Row, everybody

ROWS = [
    Row("guides:guide", everybody()),
    Row("guides:named", everybody(), target="any", kwargs=lambda _world: {"name": "summaries"}),
    Row("guides:welcome", everybody()),
]
