"""Loads a cycle file into the database: what is missing is created, what exists is left alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.services.agencies import add_agency
from audit.acts import require
from audit.errors import NotNow
from audit.services import digest, record
from cycles.facts import enter_fact
from cycles.file.entries import CycleFile, FactEntry, ItemEntry, app_sections
from cycles.file.likeness import likenesses
from cycles.titles import TITLE_COLUMNS, add_titles
from recommendations.models import Cycle, CycleFact, Item, ItemLink
from recommendations.permissions import may_keep_cycles
from recommendations.services import suggest_assignment

#: Two loads at once wait for each other.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.load_cycle'))"

#: What a file says of a cycle.
_CYCLE_FIELDS = [
    column.name
    for column in Cycle._meta.concrete_fields
    if column.name not in ("id", "year", "opened_at", "closed_at")
]

#: Texts that cycles loaded before lack, in both languages: a later load adds them.
_LATER_TEXTS = (("submission_source_ms", "submission_source_en"), ("quote_ms", "quote_en"))


def find_agency(code: str) -> Agency | None:
    """Return the agency that has a code, or had it earlier."""
    known = Agency.objects.filter(code__iexact=code).first()
    return known or Agency.objects.filter(versions__code__iexact=code).order_by("pk").first()


def differences(thing: Model, values: Mapping[str, Any], *, label: str) -> list[str]:
    """Return in words the fields in which a thing that exists differs from the file; nothing if none does."""
    fields = [name for name, value in values.items() if getattr(thing, name) != value]
    words = {"label": label, "fields": ", ".join(fields)}
    return [_("%(label)s differs from the file in %(fields)s: not changed.") % words] if fields else []


@dataclass
class LoadReport:
    """What one load did: counts by noun, and in words where the database differs from the file."""

    year: int
    created: Counter[str] = field(default_factory=Counter)
    left_alone: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def note(self, noun: str, *, is_new: bool, count: int = 1) -> None:
        """Count things as created or as left alone."""
        if count:
            (self.created if is_new else self.left_alone)[noun] += count

    @property
    def others(self) -> dict[str, str]:
        """Return the nouns, with labels, of which the sections of other apps hold entries."""
        counted = self.created + self.left_alone
        labels = {noun: label for section in app_sections.values() for noun, label in section.labels.items()}
        return {noun: label for noun, label in labels.items() if counted[noun]}


@transaction.atomic
def load_cycle(
    cycle_file: CycleFile,
    *,
    is_confirmed: bool = False,
    opens: bool = True,
    actor: User | None = None,
    now: datetime,
) -> LoadReport:
    """Create the agencies, cycle, items, links, suggestions and facts of the file that are missing.

    Nothing that exists is changed, so what people changed stays. A suggestion is created only with its item, and a
    link only with one of its ends, so what people ended or removed does not come back. An agency is found by its
    code or by an earlier code. A new cycle is open at once, or, unless `opens`, hidden from all but MAPO until it is
    opened (`cycles.services.open_cycle`). Nothing is added to a closed cycle. Loading a file again creates and records nothing.
    `actor` is None for a command. Raises `NotAllowed` for anybody but administrators, and `LikeAnotherCycle` where the
    file would create a cycle with the window or texts of another, unless somebody has seen that (`is_confirmed`).
    """
    require(actor is None or may_keep_cycles(actor))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    if not is_confirmed and (alike := likenesses(cycle_file)) and is_new(cycle_file):
        raise LikeAnotherCycle(alike)
    return _Loading(cycle_file, opens=opens, actor=actor, now=now).run()


def try_load(cycle_file: CycleFile, *, actor: User, now: datetime) -> LoadReport:
    """Return what `load_cycle` would do now: it is done, reported, and rolled back."""
    with transaction.atomic():
        report = load_cycle(cycle_file, is_confirmed=True, actor=actor, now=now)
        transaction.set_rollback(True)
    return report


def is_new(cycle_file: CycleFile) -> bool:
    """Whether there is no cycle of the file's year yet."""
    return not Cycle.objects.filter(year=cycle_file.cycle.year).exists()


class LikeAnotherCycle(NotNow):
    """The file would create a cycle with the window or texts of another; `alike` are sentences that say which."""

    def __init__(self, alike: list[str]) -> None:
        asked = _("Nothing was loaded. Check that this is the right file, and confirm that it is.")
        super().__init__(" ".join([*alike, asked]))
        self.alike = alike


class _Loading:
    """One load of a file: its state while it runs."""

    def __init__(self, cycle_file: CycleFile, *, opens: bool, actor: User | None, now: datetime) -> None:
        self.file = cycle_file
        self.opens = opens
        self.actor = actor
        self.now = now
        self.report = LoadReport(cycle_file.cycle.year)
        self.agencies: dict[str, Agency] = {}
        self.items: dict[tuple[str, int], Item] = {}
        self.new_items: set[tuple[str, int]] = set()
        self.waiting: dict[str, list[str]] = {}

    def run(self) -> LoadReport:
        existing = Cycle.objects.select_for_update(no_key=True).filter(year=self.file.cycle.year).first()
        if existing is not None and not existing.is_editable:
            self.report.differences.append(_("The cycle is closed: nothing was added."))
            return self.report
        for entry in self.file.agencies:
            self.agencies[entry.code] = self._agency({"code": entry.code, **entry.names})
        cycle = self._cycle(existing)
        for item_entry in self.file.items:
            self._item(cycle, item_entry)
        for item_entry in self.file.items:
            self._suggestions(item_entry)
            self._links(item_entry)
        for fact_entry in self.file.facts:
            self._fact(cycle, fact_entry)
        self._others(cycle)
        if self.report.created:
            after = {
                "file": self.file.file_name,
                "sha256": self.file.sha256,
                "created": dict(self.report.created),
                "contents": self.file.text,
            }
            if self.file.beside:
                after["beside"] = dict(self.file.beside)
            if self.waiting:
                after["waiting"] = self.waiting
            about: dict[str, Any] = {"obj": cycle, "label": str(cycle), "after": after}
            record(action="cycle.loaded", actor=self.actor, now=self.now, **about)
        return self.report

    def _others(self, cycle: Cycle) -> None:
        for section in app_sections.values():
            if section.key in self.file.others:
                value = self.file.others[section.key]
                done = section.load(value, cycle, actor=self.actor, now=self.now)
                self.report.created += done.created
                self.report.left_alone += done.left_alone
                self.report.differences += done.differences
                if done.waiting:
                    self.waiting[section.key] = done.waiting

    def _agency(self, values: dict[str, str]) -> Agency:
        code = values["code"]
        known = find_agency(code)
        self.report.note("agencies", is_new=known is None)
        if known is None:
            return add_agency(**values, actor=self.actor, now=self.now)
        self._compare(known, values, label=code)
        return known

    def _cycle(self, existing: Cycle | None) -> Cycle:
        values = {name: getattr(self.file.cycle, name) for name in _CYCLE_FIELDS}
        self.report.note("cycles", is_new=existing is None)
        if existing is None:
            # Until it is opened it is closed.
            values["opened_at"], values["closed_at"] = (self.now, None) if self.opens else (None, self.now)
            return Cycle.objects.create(year=self.file.cycle.year, **values)
        self._fill(existing, values)
        self._compare(existing, values, label=str(existing))
        return existing

    def _fill(self, cycle: Cycle, values: Mapping[str, Any]) -> None:
        """Give a cycle those texts of the file that it has in neither language."""
        added: dict[str, str] = {}
        for pair in _LATER_TEXTS:
            if not any(getattr(cycle, name) for name in pair):
                added |= {name: values[name] for name in pair if values[name]}
        if not added:
            return
        for name, value in added.items():
            setattr(cycle, name, value)
        cycle.save(update_fields=[*added])
        self.report.note("sources", is_new=True)
        about: dict[str, Any] = {"obj": cycle, "label": str(cycle), "after": added}
        record(action="cycle.changed", actor=self.actor, now=self.now, **about)

    def _item(self, cycle: Cycle, entry: ItemEntry) -> None:
        existing = Item.objects.filter(cycle=cycle, kind=entry.kind, number=entry.number).first()
        self.report.note("items", is_new=existing is None)
        if existing is None:
            existing = Item.objects.create(cycle=cycle, kind=entry.kind, number=entry.number, **entry.columns)
            self.new_items.add(entry.key)
            texts = {name: digest(entry.columns[name]) for name in ("text_ms", "text_en")}
            given = {name: entry.columns[name] for name in ("pillar", *TITLE_COLUMNS)}
            self._record_on(existing, "item.added", {**texts, **given})
        else:
            self._title(existing, entry)
            self._compare(existing, entry.columns, label=str(existing))
        self.items[entry.key] = existing

    def _title(self, item: Item, entry: ItemEntry) -> None:
        """Give an item that has no short titles those of the file, unless another item has one of them already."""
        wanted = {name: entry.columns[name] for name in TITLE_COLUMNS}
        if not all(wanted.values()):
            return
        is_new = not item.title_ms
        taken = add_titles(item, wanted, actor=self.actor, now=self.now) if is_new else None
        if taken is not None:
            words = {"item": item, "other": taken}
            self.report.differences.append(
                _("%(item)s gets no short title: %(other)s has the same one.") % words
            )
            return
        self.report.note("titles", is_new=is_new)
        item.refresh_from_db(fields=TITLE_COLUMNS)

    def _suggestions(self, entry: ItemEntry) -> None:
        item = self.items[entry.key]
        if entry.key not in self.new_items:
            self.report.left_alone["suggestions"] += len(entry.suggestions)
            return
        for suggestion in entry.suggestions:
            agency = self.agencies[suggestion.code]
            if not agency.is_active:
                words = {"agency": agency.code, "item": item}
                self.report.differences.append(
                    _("%(agency)s is not active: not suggested for %(item)s.") % words
                )
                continue
            suggest_assignment(item, agency=agency, role=suggestion.role, actor=self.actor, now=self.now)
            self.report.note("suggestions", is_new=True)

    def _links(self, entry: ItemEntry) -> None:
        weakness = self.items[entry.key]
        for answer in entry.answers:
            is_new = bool({entry.key, answer.key} & self.new_items)
            self.report.note("links", is_new=is_new)
            if is_new:
                target = self.items[answer.key]
                ItemLink.objects.create(weakness=weakness, answer=target)
                self._record_on(weakness, "item.linked", {"answer": str(target)})

    def _fact(self, cycle: Cycle, entry: FactEntry) -> None:
        """Enter a fact that the cycle never had under its key; one that was withdrawn does not come back."""
        values = {**entry.columns, "kind": entry.kind, "happened_on": entry.happened_on}
        existing = CycleFact.objects.filter(cycle=cycle, key=entry.key).first()
        self.report.note("facts", is_new=existing is None)
        if existing is not None:
            self._compare(existing, values, label=str(existing))
            return
        items = [self.items[item.key] for item in entry.items]
        enter_fact(cycle, values=values, key=entry.key, items=items, actor=self.actor, now=self.now)

    def _compare(
        self, thing: Cycle | Item | Agency | CycleFact, values: Mapping[str, Any], *, label: str
    ) -> None:
        self.report.differences += differences(thing, values, label=label)

    def _record_on(self, item: Item, action: str, after: dict[str, Any]) -> None:
        record(
            action=action,
            actor=self.actor,
            obj=item,
            label=item.label_with_year,
            item_id=item.pk,
            after=after,
            now=self.now,
        )


def load_cycles(
    cycle_files: list[CycleFile], *, is_confirmed: bool = False, now: datetime
) -> list[LoadReport]:
    """Load several files, all or none. Raises `NotNow` when two of them are about one year, and as `load_cycle` does."""
    years = Counter(cycle_file.cycle.year for cycle_file in cycle_files)
    twice = [year for year, count in years.items() if count > 1]
    if twice:
        raise NotNow(
            _("Two files are about %(year)s. Nothing was loaded; give one of them.") % {"year": twice[0]}
        )
    with transaction.atomic():
        return [load_cycle(cycle_file, is_confirmed=is_confirmed, now=now) for cycle_file in cycle_files]
