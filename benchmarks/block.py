"""The parts of README.md that measurements write: between <!-- name --> and <!-- /name -->."""

from pathlib import Path

README = Path(__file__).resolve().parent / "README.md"


def read_block(name: str) -> str:
    """Return what stands in a part."""
    return _parts(name)[1]


def write_block(name: str, text: str) -> None:
    """Put a text into a part, instead of what stood there."""
    head, _former, tail = _parts(name)
    README.write_text(f"{head}<!-- {name} -->\n{text}\n<!-- /{name} -->{tail}", encoding="utf-8")


def _parts(name: str) -> tuple[str, str, str]:
    head, rest = README.read_text(encoding="utf-8").split(f"<!-- {name} -->")
    former, tail = rest.split(f"<!-- /{name} -->")
    return head, former, tail
