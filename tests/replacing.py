"""Replaces a part of the standard library for one module of ours alone; the rest of the process keeps its own."""

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest


def replace_in(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, **changed: Any) -> None:
    """Give a module its own copy of what it imports by this name (`os`, `time`, `subprocess` …), with these functions changed."""
    monkeypatch.setattr(module, name, SimpleNamespace(**(vars(getattr(module, name)) | changed)))
