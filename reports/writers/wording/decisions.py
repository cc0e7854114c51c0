"""What MAPO decided, in words: for the papers of a meeting, composed in the active language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from recommendations.queries.decisions import DecidedStatus, DecisionKind, RecordedDecision
from reports.writers.wording.by_agency import items_with_days
from reports.writers.wording.sentences import listed
from reports.writers.wording.statuses import change_words
from ui.number_words import count_words

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedItem

#: More decisions than these are no reading for a meeting; the paper says how many it leaves out.
MOST_DECISIONS = 400

_COUNTED: dict[DecisionKind, Promise] = {
    DecisionKind.ACCEPTED: ngettext_lazy("%(count)s update accepted", "%(count)s updates accepted", "number"),
    DecisionKind.RETURNED: ngettext_lazy("%(count)s update returned", "%(count)s updates returned", "number"),
    DecisionKind.CORRECTED: ngettext_lazy(
        "%(count)s verdict replaced", "%(count)s verdicts replaced", "number"
    ),
    DecisionKind.SET: ngettext_lazy(
        "%(count)s status set by MAPO itself", "%(count)s statuses set by MAPO itself", "number"
    ),
    DecisionKind.ENDED: ngettext_lazy(
        "%(count)s status of MAPO’s own ended", "%(count)s statuses of MAPO’s own ended", "number"
    ),
}


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """An item of a summary with the decisions on it, oldest first, and its state before the first of them."""

    item: ReportedItem
    before: DecidedStatus
    decisions: Sequence[RecordedDecision]

    @property
    def after(self) -> DecidedStatus:
        """The item's state on the day of the summary."""
        return DecidedStatus(self.item.status, self.item.percent, self.item.state.override is not None)

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def decided_items(content: SummaryContent) -> list[DecidedItem]:
    """Return the items on which MAPO decided since the last meeting, in the order of the summary."""
    by_item: dict[int, list[RecordedDecision]] = {}
    for decision in content.decisions:
        by_item.setdefault(decision.item_id, []).append(decision)
    return [
        DecidedItem(item, by_item[item.item_id][0].before, by_item[item.item_id])
        for item in content.items
        if item.item_id in by_item
    ]


def counted_decisions(kinds: Iterable[str]) -> Iterator[str]:
    """Yield how many decisions of each kind there are: "two (2) updates returned"."""
    counts = Counter(kinds)
    for kind, wording in _COUNTED.items():
        if count := counts[kind]:
            yield str(wording % {"number": count, "count": count_words(count)})


def summed_decisions(decisions: Sequence[tuple[str, int, str]]) -> str:
    """Return how many decisions (kind and number of the item, kind) there are: "68 updates accepted. By item: Recommendation 1 (5), 2 (4)."."""
    by_item = Counter((item_kind, number) for item_kind, number, _kind in decisions)
    items = [(NumberedCount(kind, number), count) for (kind, number), count in by_item.items()]
    words = {
        "kinds": listed(list(counted_decisions(kind for _item, _number, kind in decisions))),
        "items": items_with_days(items),
    }
    return capfirst(_("%(kinds)s. Number of decisions by item: %(items)s.") % words)


class NumberedCount(NamedTuple):
    """An item by its kind and number."""

    kind: str
    number: int


def decision_change(decision: RecordedDecision) -> str:
    """Return the status before and after a decision: of the agency's part, or of the item that MAPO set; empty for a
    return."""
    if decision.kind == DecisionKind.RETURNED:
        return ""
    if decision.agency_id is None:
        return change_words(decision.before, decision.after)
    return change_words(decision.verdict_before, decision.verdict_after)


def change_of_all(decided: DecidedItem) -> str:
    """Return how all decisions together changed an item; empty where one of them changed it as much, and says so."""
    change = change_words(decided.before, decided.after)
    return "" if change in {decision_change(each) for each in decided.decisions} else change


def left_out_words(count: int) -> str:
    """Return how many decisions a table leaves out; empty for none."""
    if not count:
        return ""
    sentence = ngettext(
        "This paper leaves out %(count)s more decision; the full summary has it.",
        "This paper leaves out %(count)s more decisions; the full summary has them.",
        count,
    )
    return sentence % {"count": count_words(count)}


def only_decider(names: Iterable[str]) -> str:
    """Return who made all decisions; empty where several people did, or nobody may be named."""
    found = set(names)
    return found.pop() if len(found) == 1 else ""


def decider_words(who: str) -> str:
    """Return that one person made all decisions; empty without a name."""
    return _("All were decided by %(who)s.") % {"who": who} if who else ""


def decided_by(decision: RecordedDecision) -> str:
    """Return "Returned (Aminah binti Salleh)", or only what was decided where the name is not the reader's to know."""
    return f"{decision.kind.label} ({decision.by})" if decision.by else str(decision.kind.label)
