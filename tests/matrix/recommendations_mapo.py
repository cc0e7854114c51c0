"""Rows of MAPO's day: the overview is everybody's, all the rest is MAPO's alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from overview.services import save_overview_filter
from recommendations import services
from recommendations.models import Action, Assignment
from recommendations.services.step_changes import current_version
from tests.factories.accounts import World
from tests.factories.recommendations import (
    DONE,
    SharedItem,
    make_accepted,
)
from tests.matrix import AGENCY, MAPO, OFFICER, REVIEWER, Row, everybody, only

Kwargs = Callable[[World], dict[str, Any]]


class Things(SharedItem):
    """Made when a row asks for it."""

    def __init__(self, world: World, now: datetime) -> None:
        super().__init__(world, now, number=77)

    def verdict(self, target: str) -> int:
        """A verdict that stands."""
        return make_accepted(self.assignment(target), reviewer=self.administrator, **self.about(target)).pk

    def completed(self, target: str) -> Assignment:
        """An assignment that owes no regular update."""
        make_accepted(
            self.assignment(target), reviewer=self.administrator, content=DONE, **self.about(target)
        )
        return self.assignment(target)

    def asked(self, target: str) -> int:
        """An update that MAPO asks for."""
        about = {"due_on": date(2023, 10, 14), "reason": "Sila sahkan", "actor": self.administrator}
        return services.ask_for_update(self.completed(target), **about, now=self.now).pk

    def request(self, target: str) -> int:
        """A request that waits."""
        about = self.about(target)
        return services.decline_assignment(self.assignment(target), reason="Bukan kami", **about).pk

    def step(self, kind: str) -> int:
        """A step of MAPO itself, or of a decision of the council about the agency "own" or "foreign"."""
        about = {"text": "Kursus", "due_on": date(2023, 10, 31), "actor": self.administrator, "now": self.now}
        if kind == "mapo":
            return services.plan_mapo_step(self.item, owner=self.administrator, **about).pk
        return services.plan_decision_step(self.item, self.assignment(kind).agency, **about).pk


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["mapo_now"] = now


def _things(world: World) -> Things:
    if "mapo" not in world.extra:
        world.extra["mapo"] = Things(world, world.extra["mapo_now"])
    things: Things = world.extra["mapo"]
    return things


def _assignment(target: str) -> Kwargs:
    return lambda world: {"assignment_id": _things(world).assignment(target).pk}


def _lead_now(world: World) -> int:
    """The lead that the page names: the own agency leads, the foreign one supports."""
    return _things(world).assignment("own").pk


def _update(target: str) -> Kwargs:
    return lambda world: {"update_id": _things(world).sent(target)}


def _verdict(target: str) -> Kwargs:
    return lambda world: {"review_id": _things(world).verdict(target)}


def _request(target: str) -> Kwargs:
    return lambda world: {"request_id": _things(world).request(target)}


def _step(kind: str) -> Kwargs:
    return lambda world: {"action_id": _things(world).step(kind)}


def _version(kind: str) -> Kwargs:
    """The version of a step whose text MAPO has changed."""

    def kwargs(world: World) -> dict[str, Any]:
        step = Action.objects.get(pk=_things(world).step(kind))
        about = {"actor": world.people[REVIEWER], "now": world.extra["mapo_now"]}
        seen = current_version(step).pk
        services.change_action(
            step, seen=seen, text="Lain", owner=step.owner, due_on=step.due_on, reason="Silap", **about
        )
        return {"version_id": current_version(step).pk}

    return kwargs


def _changed(kind: str) -> Callable[[World], dict[str, Any]]:
    """What is posted to change the newest step: its owner, so that its agency may."""

    def data(world: World) -> dict[str, Any]:
        step = Action.objects.latest("pk")
        owners = {"mapo": world.people[REVIEWER].pk, "own": world.people[OFFICER].pk, "foreign": ""}
        return {"text": step.text, "due_on": "2023-10-31", "owner": owners[kind], "seen": current_version(step).pk,
                "reason": "Bertukar"}  # fmt: skip

    return data


def _steps_rows() -> list[Row]:
    """MAPO's own steps are MAPO's alone; a decision's step is done by its agency and cancelled by MAPO."""
    later = lambda _world: {"proposed_on": "2023-12-01", "reason": "Kursus ditunda"}  # noqa: E731 - as below
    done, why = (lambda _world: {"done_on": "2023-09-10"}), (lambda _world: {"reason": "Tiada peruntukan"})
    rows = []
    for kind in ("mapo", "own", "foreign"):
        target = "any" if kind == "mapo" else kind
        workers = {"mapo": MAPO, "own": AGENCY, "foreign": ()}[kind]
        asked = () if kind == "mapo" else workers
        for name, people, data in (
            ("action_finish", workers, done),
            ("action_cancel", MAPO, why),
            ("action_change", tuple({*workers, *MAPO}), _changed(kind)),
            ("action_later", asked, later),
        ):
            address, kwargs = f"recommendations:{name}", _step(kind)
            rows += [
                Row(address, only(*people), target=target, kwargs=kwargs, query=f"?{kind}"),
                Row(address, only(*people, answer=302), "post", target, kwargs, data, f"?{kind}"),
            ]
        undo, keep = "recommendations:action_undo", "recommendations:action_keep_date"
        askers = () if kind == "mapo" else MAPO
        changers = tuple({*workers, *MAPO})
        rows.append(Row(undo, only(*changers, answer=302), "post", target, _version(kind), query=f"?{kind}"))
        rows.append(Row(keep, only(*askers), target=target, kwargs=_step(kind), query=f"?{kind}"))
    planned: dict[str, Any] = {"text": "Kursus", "due_on": "2023-10-31"}
    owned = lambda world: planned | {"owner": world.people[REVIEWER].pk}  # noqa: E731 - a row takes a function
    return [
        *rows,
        Row("recommendations:steps", only(*MAPO), kwargs=_cycle),
        Row("recommendations:action_plan_mapo", only(*MAPO), target="any", kwargs=_item),
        Row("recommendations:action_plan_mapo", only(*MAPO, answer=302), "post", "any", _item, owned),
    ]


def _item(world: World) -> dict[str, Any]:
    return {"item_id": _things(world).item.pk}


def _completed(target: str) -> Kwargs:
    return lambda world: {"assignment_id": _things(world).completed(target).pk}


def _asked(target: str) -> Kwargs:
    return lambda world: {"asked_id": _things(world).asked(target)}


def _kept_view(owner: str) -> Kwargs:
    def kwargs(world: World) -> dict[str, Any]:
        about = {"actor": world.people[owner], "now": world.extra["mapo_now"]}
        return {"view_id": save_overview_filter(name="Lewat", query="show=late", **about).pk}

    return kwargs


def _cycle(world: World) -> dict[str, Any]:
    """Makes the cycle, without which there is nothing to steer; the address names no thing."""
    _things(world)
    return {}


_FORM = {"due_on": "", "cadence_days": "", "next_due_on": "2023-10-14", "act": "save"}
_LETTER = {
    "reference": "KDN/1",
    "letter_on": "2023-09-01",
    "status": "progress",
    "percent": 40,
    "narrative": "Kursus",
    "covers_from": "2023-07-01",
    "covers_to": "2023-08-31",
    "classification": 1,
}


#: No version is named: whoever may come in is told that nothing was decided.
_RETURN = {"decision": "return", "return_reason": "Betulkan", "resubmit_by": "2023-09-21"}
_KEPT = {"name": "Lewat", "address": "show=late"}
_GRANT = {"answer": "grant", "reason": ""}
_VERDICT = {"status": "none", "percent": 0, "reason": "Silap"}


def _of_things(target: str) -> list[Row]:
    def page(name: str, kwargs: Kwargs) -> Row:
        return Row(f"recommendations:{name}", only(*MAPO), target=target, kwargs=kwargs)

    def act(name: str, kwargs: Kwargs, data: dict[str, Any], *, answer: int = 302) -> Row:
        expected = only(*MAPO, answer=answer)
        return Row(f"recommendations:{name}", expected, "post", target, kwargs, lambda _world: data)

    return [
        page("review", _update(target)),
        act("review", _update(target), _RETURN, answer=409),
        page("review_supersede", _verdict(target)),
        act("review_supersede", _verdict(target), _VERDICT),
        page("assignment", _assignment(target)),
        act("assignment", _assignment(target), _FORM),
        page("assignment_role", _assignment(target)),
        Row(
            "recommendations:assignment_role",
            only(*MAPO, answer=302),
            "post",
            target,
            _assignment(target),
            lambda world: {"reason": "Bidang kuasa berpindah", "replaces": _lead_now(world)},
        ),
        act("assignment_end", _assignment(target), {"reason": "Pindah"}),
        page("letter", _assignment(target)),
        act("letter", _assignment(target), _LETTER),
        act("update_ask", _completed(target), {"due_on": "2023-10-14", "reason": "Sila sahkan"}),
        act("asked_cancel", _asked(target), {}),
        act("request_answer", _request(target), _GRANT),
    ]


ROWS = [
    *_steps_rows(),
    Row("overview:overview", everybody()),
    Row("overview:kept_view_keep", everybody(302), "post", data=lambda _world: _KEPT),
    Row(
        "overview:kept_view_throw_away",
        only(OFFICER, answer=302),
        "post",
        "own",
        _kept_view(OFFICER),
    ),
    Row(
        "overview:kept_view_throw_away",
        only(REVIEWER, answer=302),
        "post",
        "foreign",
        _kept_view(REVIEWER),
    ),
    Row("recommendations:queue", only(*MAPO)),
    Row("recommendations:assignments", only(*MAPO), kwargs=_cycle),
    Row("bulk:assignment_assign", only(*MAPO), kwargs=_cycle),
    *_of_things("own"),
    *_of_things("foreign"),
]
