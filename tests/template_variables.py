"""A template that asks for what nobody gave it fails the test, also where Django takes that for nothing without a word.

What is printed or handed to a filter or a tag fails by pytest-django (`FAIL_INVALID_TEMPLATE_VARS`). Here the same is
demanded of `{% if %}`, `{% for %}`, and all else that reads a missing variable as None; and a comparison that cannot be
made fails where `{% if %}` would take it for false. What a template may do without, it says by `{% if label|default:"" %}`.
Attributes of None are None, as ever. Templates of libraries are their own business.
"""

from __future__ import annotations

from inspect import getclosurevars
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.template import smartif
from django.template.base import UNKNOWN_SOURCE, FilterExpression, Parser, Variable, VariableDoesNotExist
from django.template.defaultfilters import default

BASE = Path(__file__).resolve().parent.parent


class Demanded(Variable):
    """A variable of one of our templates: it must be there."""

    __slots__ = ("template",)

    def __init__(self, var: str, template: str) -> None:
        super().__init__(var)
        self.template = template

    def _resolve_lookup(self, context: Any) -> Any:
        try:
            value = super()._resolve_lookup(context)
        except VariableDoesNotExist as missing:
            name, holder = missing.params
            if holder is not None:
                _fail(self, f"there is no “{name}”")
            raise
        if value is context.template.engine.string_if_invalid and value != "":
            _fail(self, "it could not be called, or found no row")
        return value


def demand_variables() -> None:
    """From now on, let the variables of our templates that are read be demanded."""
    compile_expression = FilterExpression.__init__

    def compile_ours(self: FilterExpression, token: str, parser: Parser) -> None:
        compile_expression(self, token, parser)
        template = str(getattr(parser, "origin", None) or UNKNOWN_SOURCE)
        if not _is_ours(template):
            return
        is_optional = bool(self.filters) and self.filters[0][0] is default
        if isinstance(self.var, Variable) and self.var.lookups and not is_optional:
            self.var = Demanded(self.var.var, template)
        self.filters = [
            (run, [(asks, Demanded(value.var, template) if asks else value) for asks, value in given])
            for run, given in self.filters
        ]

    FilterExpression.__init__ = compile_ours  # type: ignore[method-assign]
    for operator in smartif.OPERATORS.values():
        _compare_aloud(operator)


def _is_ours(template: str) -> bool:
    path = Path(template)
    return template == UNKNOWN_SOURCE or (path.is_relative_to(BASE) and ".venv" not in path.parts)


def _compare_aloud(operator: Any) -> None:
    """Let an operator of `{% if %}` raise what it would take for false."""
    compare = getclosurevars(operator.eval).nonlocals["func"]
    names = ("first",) if operator.id == "not" else ("first", "second")

    def evaluate(self: Any, context: Any) -> Any:
        return compare(context, *(getattr(self, name) for name in names))

    operator.eval = evaluate


def _fail(variable: Demanded, why: str) -> NoReturn:
    pytest.fail(f"Undefined template variable '{variable}' in '{variable.template}': {why}")
