"""An independent calculation of what is owed to whom on a day: the rules of the reminders in plain Python.

It knows the tables' records and the library `holidays`, and nothing of how the product plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count
from typing import NamedTuple

from tests.reminders.oracle_days import DAY, Days, days_of
from tests.reminders.records import Person, Report, Rule, Sheet, Task, World


class Concern(NamedTuple):
    """Who is told of what."""

    recipient: str
    matter: str
    due_on: date


class ReachedLevel(NamedTuple):
    """How far it has come for them, since when, why them, and in which way."""

    level: int
    send_on: date
    step: str
    is_escalation: bool
    is_muted: bool
    is_urgent: bool
    in_place_of: int | None


class Matter(NamedTuple):
    """Something that still is to be done, and who answers for it."""

    name: str
    what: str
    cycle: int
    due_on: date
    agency: int | None
    #: What it is about: one assignment, or all that an agency has not completed.
    tasks: tuple[Task, ...]
    owner: int | None = None
    report: Report | None = None
    sheet: Sheet | None = None

    @property
    def rule_of(self) -> str:
        """By the rules about what it is said: figures go by those of updates."""
        return FIGURES.get(self.what, self.what)


#: What is said of figures by the rules of what.
FIGURES = {"figures_due": "update_due", "figures_returned": "returned", "figures_waiting": "review_waiting"}

#: The dates of a cycle: each agency has its own, and MAPO one for all that are left.
OF_THE_CYCLE = ("interim", "window_end", "submission")


class Addressee(NamedTuple):
    recipient: str
    place: str
    step: str
    muted: frozenset[str]
    in_place_of: int | None = None


class Candidate(NamedTuple):
    """One way in which a recipient has reached a level."""

    level: int
    send_on: date
    one: Addressee
    is_escalation: bool
    rule: Rule


# What is open


def matters(world: World) -> Iterator[Matter]:
    """Everything that is owed while it is so."""
    yield from _of_tasks(world)
    yield from _of_reports(world)
    yield from _of_steps_and_questions(world)
    yield from _of_years(world)
    yield from _of_figures(world)


def _of_tasks(world: World) -> Iterator[Matter]:
    waiting = {report.task for report in world.reports if report.state == "submitted"}
    answered = {report.task for report in world.reports}
    for task in world.tasks.values():
        if task.next_due_on and task.pk not in answered:
            yield _about(task, "update_due", task.pk, task.next_due_on)
        if task.due_on and not task.is_done and task.pk not in waiting:
            yield _about(task, "final_due", task.pk, task.due_on)


def _of_reports(world: World) -> Iterator[Matter]:
    told: set[tuple[int, str]] = set()
    for report in sorted(world.reports, key=lambda report: report.task):
        task = world.tasks.get(report.task)
        if task is None:
            continue
        if report.opening is not None:
            if (report.opening, report.state) in told:
                continue
            told.add((report.opening, report.state))
        if report.state == "returned":
            assert report.decision and report.returned_on and report.resubmit_by
            yield _about(task, "returned", report.decision, report.returned_on, report)
            again_by = task.next_due_on or report.resubmit_by
            yield _about(task, "resubmit_due", report.decision, again_by, report)
        else:
            yield _about(task, "review_waiting", report.version, report.sent_on, report)
            if report.is_by_letter:
                yield _about(task, "letter", report.version, report.sent_on, report)


def _of_steps_and_questions(world: World) -> Iterator[Matter]:
    for step in world.steps:
        if step.task in world.tasks:
            about = _about(world.tasks[step.task], "action_due", step.pk, step.due_on)
            yield about._replace(owner=step.owner)
        elif (step.is_mapo or step.is_decision) and step.cycle in world.years:
            agency = None if step.is_mapo else step.agency
            yield Matter(
                f"action_due:{step.pk}", "action_due", step.cycle, step.due_on, agency, (), step.owner
            )
    for question in world.questions:
        if question.task in world.tasks:
            yield _about(world.tasks[question.task], "request_waiting", question.pk, question.asked_on)


def _of_years(world: World) -> Iterator[Matter]:
    for year in world.years.values():
        left = [task for task in world.tasks.values() if task.cycle == year.pk and not task.is_done]
        dates = {
            "interim": year.interim_on,
            "window_end": year.window_end,
            "submission": year.submission_on,
        }
        for what, day in dates.items():
            for agency in {task.agency for task in left}:
                its = tuple(task for task in left if task.agency == agency)
                yield Matter(f"{what}:{year.pk}.{agency}", what, year.pk, day, agency, its)
            if left:
                yield Matter(f"{what}:{year.pk}.0", what, year.pk, day, None, ())


def _of_figures(world: World) -> Iterator[Matter]:
    returned = {
        (sheet.cycle, sheet.agency, sheet.month) for sheet in world.sheets if sheet.state == "returned"
    }
    for year in world.years.values():
        month = year.window_start
        while month.day != 1:
            month += DAY
        while (after := (month + 31 * DAY).replace(day=1)) - DAY <= year.window_end:
            for agency in world.counting:
                is_owed = not world.wholes[agency] <= world.given[agency, month]
                if is_owed and (year.pk, agency, month) not in returned:
                    name = f"figures_due:{year.pk}.{agency}.{month:%Y%m}"
                    yield Matter(name, "figures_due", year.pk, after, agency, ())
            month = after
    for sheet in world.sheets:
        if sheet.state == "returned":
            assert sheet.returned_on
            name = f"figures_returned:{sheet.version}"
            yield Matter(
                name, "figures_returned", sheet.cycle, sheet.returned_on, sheet.agency, (), sheet=sheet
            )
        elif sheet.state == "submitted":
            name = f"figures_waiting:{sheet.version}"
            yield Matter(name, "figures_waiting", sheet.cycle, sheet.sent_on, sheet.agency, (), sheet=sheet)


def _about(task: Task, what: str, number: int, due_on: date, report: Report | None = None) -> Matter:
    return Matter(f"{what}:{number}", what, task.cycle, due_on, task.agency, (task,), report=report)


# The ladder


def audience(world: World, matter: Matter, step: str, today: date) -> list[Addressee]:
    """Who gets it at this step of the ladder, stand-ins and the shared mailbox with them."""
    reached, people = _climb(world, matter, step)
    found = [_addressee(world, person, reached) for person in people]
    known = {person.pk for person in people}
    for away in world.away:
        if away.absent in known and away.from_on <= today <= away.until_on:
            colleague, absent = world.people[away.colleague], world.people[away.absent]
            fits = colleague.is_mapo if reached == "mapo" else colleague.can_act
            if fits and colleague.agency == absent.agency and _is_told(matter, colleague):
                found.append(_addressee(world, colleague, reached, away.absent))
    if reached != "mapo" and matter.agency is not None:
        office = world.offices[matter.agency]
        if office.mailbox:
            found.append(Addressee(f"mailbox:{office.pk}", office.place, reached, frozenset()))
    return found


def _addressee(world: World, person: Person, step: str, in_place_of: int | None = None) -> Addressee:
    return Addressee(f"person:{person.pk}", world.place_of(person), step, person.muted, in_place_of)


def _climb(world: World, matter: Matter, step: str) -> tuple[str, list[Person]]:
    """The first step from here upwards at which somebody can act."""
    if step == "mapo" or matter.agency is None:
        mapo = _mapo(world, matter)
        owner = [person for person in mapo if person.pk == matter.owner and step != "mapo"]
        return "mapo", owner or mapo
    actors = world.actors.get(matter.agency, [])
    coordinators = [person for person in actors if person.role == "coordinator" or person.is_acting]
    people = _responsible(matter, actors, coordinators) if step == "responsible" else coordinators
    return (step, people) if people else ("mapo", _mapo(world, matter))


def _responsible(matter: Matter, actors: list[Person], coordinators: list[Person]) -> list[Person]:
    """The owner of a step; otherwise who is named for each assignment, or else all who coordinate, or else act."""
    owner = [person for person in actors if person.pk == matter.owner]
    if owner:
        return owner
    if matter.what in FIGURES:
        return actors
    if matter.what == "action_due" and (matter.owner is None or not matter.tasks):
        return coordinators or actors
    found: dict[int, Person] = {}
    for task in matter.tasks:
        named = [person for person in actors if person.pk in task.officers]
        found |= {person.pk: person for person in named or coordinators or actors}
    return list(found.values())


def _mapo(world: World, matter: Matter) -> list[Person]:
    return [person for person in world.mapo if _is_told(matter, person)]


def _is_told(matter: Matter, person: Person) -> bool:
    """MAPO within the clearance alone; of what waits for a decision only those are told who may decide it."""
    if matter.sheet is not None and (matter.what == "figures_waiting" or person.is_mapo):
        is_barred = person.agency == matter.agency or person.pk in matter.sheet.barred
        return person.clearance >= matter.sheet.clearance and not (
            matter.what == "figures_waiting" and is_barred
        )
    report = matter.report
    if report is None or (matter.what != "review_waiting" and not person.is_mapo):
        return True
    may_decide = person.agency != matter.agency and person.pk not in report.barred
    return person.clearance >= report.clearance and (matter.what != "review_waiting" or may_decide)


# What is owed


def levels(rule: Rule, first: int) -> Iterator[int]:
    """The first level and its repeats."""
    yield first
    if rule.every_days:
        for time in count(1) if rule.times is None else range(1, rule.times + 1):
            yield first + time * rule.every_days


def concerned(world: World, today: date) -> dict[Concern, ReachedLevel | None]:
    """Everybody whom a rule names for something that stands, with the highest level reached by then, if any.

    What somebody was told of stands as long as they are here; what is owed are those who have reached a level. A matter
    concerns whom it did an hour ago as long as it, the people and the rules are the same, so that is kept in the world.
    """
    known = world.found.get(today)
    if known is None:
        world.found.clear()
        known = world.found[today] = {}
    rules: dict[tuple[int, str], list[Rule]] = {}
    for rule in world.rules:
        rules.setdefault((rule.cycle, rule.what), []).append(rule)
    found: dict[Concern, ReachedLevel | None] = {}
    for matter in matters(world):
        if matter not in known:
            known[matter] = _concerned_by(matter, rules.get((matter.cycle, matter.rule_of), []), world, today)
        found |= known[matter]
    return found


def _concerned_by(
    matter: Matter, rules: Iterable[Rule], world: World, today: date
) -> dict[Concern, ReachedLevel | None]:
    """Whom one matter concerns."""
    if matter.what in OF_THE_CYCLE and matter.due_on < today:
        return {}
    days = days_of(world)
    candidates: dict[Concern, list[Candidate]] = {}
    audiences: dict[str, list[Addressee]] = {}
    for rule in rules:
        for step, first, is_escalation in _steps(rule, matter):
            if step not in audiences:
                audiences[step] = audience(world, matter, step, today)
            for one in audiences[step]:
                found = candidates.setdefault(Concern(one.recipient, matter.name, matter.due_on), [])
                reached = _highest(days, rule, first, matter.due_on, one.place, today)
                if reached is not None:
                    found.append(Candidate(*reached, one, is_escalation, rule))
    return {told: _best(told, found) if found else None for told, found in candidates.items()}


def owed(world: World, today: date) -> dict[Concern, ReachedLevel]:
    """What each recipient is owed on a day: for each matter the highest level reached, by all rules that concern them."""
    return {told: reached for told, reached in concerned(world, today).items() if reached is not None}


def _steps(rule: Rule, matter: Matter) -> Iterator[tuple[str, int, bool]]:
    """At which steps the rule speaks of the matter, from which level on, and whether that is an escalation."""
    steps = [
        (rule.audience, rule.first_days, False),
        ("coordinator", rule.coordinator_days, True),
        ("mapo", rule.mapo_days, True),
    ]
    if matter.what == "action_due" and matter.agency is None:
        # A step of MAPO itself: nobody coordinates MAPO, and whoever the rule begins with stands for the owner.
        steps = [("mapo" if rule.audience == "mapo" else "responsible", rule.first_days, False), steps[2]]
    for step, first, is_escalation in steps:
        is_known = matter.what != "figures_due" or (first or 0) >= 0
        if (
            first is not None
            and is_known
            and (matter.what not in OF_THE_CYCLE or (step == "mapo") is (matter.agency is None))
        ):
            yield step, first, is_escalation


def _highest(
    days: Days, rule: Rule, first: int, due_on: date, place: str, today: date
) -> tuple[int, date] | None:
    key = (rule.first_days, rule.every_days, rule.times, first, due_on, place, today)
    if key not in days.highest:
        found = None
        for level in levels(rule, first):
            send_on = days.at_level(place, due_on, level)
            if send_on > today:
                break
            found = (level, send_on)
        days.highest[key] = found
    return days.highest[key]


def _best(told: Concern, candidates: list[Candidate]) -> ReachedLevel:
    """Of several candidates at the same level: an escalation first, then what is urgent, then one's own before a stand-in's."""
    way = min(
        candidates,
        key=lambda way: (
            -way.level, not way.is_escalation, not way.rule.is_urgent, way.one.in_place_of or 0, way.rule.pk
        ),
    )  # fmt: skip
    what = told.matter.partition(":")[0]
    is_muted = FIGURES.get(what, what) in way.one.muted and not way.is_escalation
    return ReachedLevel(
        way.level,
        way.send_on,
        way.one.step,
        way.is_escalation,
        is_muted,
        way.rule.is_urgent,
        way.one.in_place_of,
    )
