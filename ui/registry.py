"""One mechanism by which apps add something to an app below them, which knows none of them by name."""

from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Entries by name, in the order of registration. Filled once, in `AppConfig.ready`."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(self, name: str, entry: Entry) -> None:
        """Add an entry; the same name again replaces it."""
        self._entries[name] = entry

    def values(self) -> list[Entry]:
        """Return all entries, in the order of registration."""
        return list(self._entries.values())
