"""Reads what is counted: dimensions with their values, and indicators."""

from __future__ import annotations

from cycles.file import FileSection, NumberedEntry
from cycles.file.read import KIND_KEYS, MAX_NUMBER
from cycles.file.yaml_source import line_of
from indicators.file import words
from indicators.file.entries import CodeEntry, DimensionEntry, DimensionValueEntry, IndicatorEntry
from indicators.states import BASIS_LENGTH, Unit
from recommendations.states import Pillar

_REQUIRED = {"code", "name", "unit", "basis"}
_OPTIONAL = {"pillar", "agency", "stock", "victims", "dimensions", "items"}


def read_dimensions(section: FileSection) -> tuple[DimensionEntry, ...]:
    """Return the dimensions of the file."""
    return tuple(
        _dimension(entry) for entry in section.sections("dimensions", required={"code", "name", "values"})
    )


def _dimension(section: FileSection) -> DimensionEntry:
    code = words.code(section, section.values.get("code"), key="code")
    values = section.sections("values", required={"code", "ms", "en"})
    return DimensionEntry(
        section.line,
        code.code,
        names=words.names(section.section("name", required={"ms", "en"})),
        values=tuple(_value(value) for value in values),
    )


def _value(section: FileSection) -> DimensionValueEntry:
    code = words.code(section, section.values.get("code"), key="code")
    return DimensionValueEntry(section.line, code.code, names=words.names(section))


def read_indicators(section: FileSection) -> tuple[IndicatorEntry, ...]:
    """Return the indicators of the file, in order."""
    entries = section.sections("indicators", required=_REQUIRED, optional=_OPTIONAL)
    return tuple(_indicator(entry) for entry in entries)


def _indicator(section: FileSection) -> IndicatorEntry:
    name = words.heading_under(section, "name")
    basis = section.section("basis", required={"ms", "en"})
    return IndicatorEntry(
        section.line,
        words.code(section, section.values.get("code"), key="code").code,
        columns={
            "name_ms": name.ms,
            "name_en": name.en,
            "is_own_name_ms": "ms" in name.own,
            "is_own_name_en": "en" in name.own,
            "unit": section.choice("unit", Unit.values),
            "basis_ms": words.plain_text(basis, "ms", max_length=BASIS_LENGTH),
            "basis_en": words.plain_text(basis, "en", max_length=BASIS_LENGTH),
            "pillar": section.choice("pillar", Pillar.values),
            "is_stock": section.flag("stock"),
            "counts_victims": section.flag("victims"),
        },
        agency=_agency(section),
        dimensions=tuple(words.code(section, node, key="dimensions") for node in section.nodes("dimensions")),
        items=tuple(_items(section)),
    )


def _agency(section: FileSection) -> CodeEntry | None:
    node = section.values.get("agency")
    return None if node is None else words.code(section, node, key="agency")


def _items(section: FileSection) -> list[NumberedEntry]:
    items = section.section("items", required=set(), optional=set(KIND_KEYS.values()))
    return [
        NumberedEntry(line_of(node), kind, items.whole_of(node, key=key, least=1, most=MAX_NUMBER))
        for kind, key in KIND_KEYS.items()
        for node in items.nodes(key)
    ]
