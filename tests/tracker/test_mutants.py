"""What `make mutants` changes and runs is there: modules and tests are renamed, and a pattern would match nothing."""

from __future__ import annotations

import pytest

from tests.databases import BASE
from tests.mutants import report
from tests.mutants.areas import AREAS
from tests.mutants.workspace import function_of

pytestmark = pytest.mark.long


@pytest.mark.parametrize("name", AREAS)
def test_area_names_modules_and_tests_that_exist(name: str) -> None:
    area = AREAS[name]
    assert [path for path in area.tests if not (BASE / path.partition("::")[0]).is_file()] == []
    for pattern in area.functions:
        module = pattern.split("*")[0].rsplit(".", 1)[0].replace(".", "/")
        assert (BASE / f"{module}.py").is_file() or (BASE / module / "__init__.py").is_file(), pattern


def test_mutant_belongs_to_a_function_of_an_area() -> None:
    for mutant, function in (
        ("recommendations.rollup.x__verdicts_alone__mutmut_3", "recommendations.rollup._verdicts_alone"),
        (
            "evidence.models.xǁDocumentQuerySetǁvisible_to__mutmut_12",
            "evidence.models.DocumentQuerySet.visible_to",
        ),
    ):
        assert function_of(mutant) == function, mutant
        assert [name for name, area in AREAS.items() if area.holds(mutant)] in (
            ["roll-up"],
            ["permissions"],
        ), mutant


def test_every_reason_says_why() -> None:
    assert all(len(reason) > 20 for reason in report.reasons().values())
