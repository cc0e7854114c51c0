"""What depends on an agency, or on one of its people, before they are deactivated."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.extensions import DependentLine, Dependents
from accounts.models import Agency, User
from recommendations.models import Action, Assignment, AssignmentRequest, Update
from recommendations.models.assignment import AssignmentQuerySet
from submissions.states import EDITABLE_STATES
from ui import dates

#: Steps of one person that are named one by one; more are counted.
_MOST_STEPS_NAMED = 10


def read_dependents(agency: Agency, person: User | None, reader: User) -> Dependents:
    """Return what depends on the agency, or on a person of it, in open cycles. Seven queries at most.

    Of a person: the assignments that they are responsible for and the planned steps that they own; if nobody else at
    the agency can act, also all of the agency's. Drafts above the reader's clearance are not counted.
    """
    in_force = Assignment.objects.in_force().in_open_cycles().filter(agency=agency)
    named_count = in_force.filter(officer_links__user=person).count() if person else 0
    is_last = person is None or (
        person.is_able_to_act and not User.objects.able_to_act().colleagues_of(person).exists()
    )
    counts = [
        ngettext("responsible for %(count)s assignment", "responsible for %(count)s assignments", named_count)
        % {"count": named_count}
    ] * bool(named_count)
    counts += _counts_of_agency(agency, in_force, reader) if is_last else []
    url = f"{reverse('recommendations:assignments')}?{urlencode({'tab': 'confirmed', 'agency': agency.code})}"
    lines = [DependentLine(text, url) for text in counts]
    owned = list(Action.objects.left_by(person).select_related("item__cycle")) if person else []
    return Dependents(
        lines=[*lines, *_step_lines(owned)],
        named_count=named_count,
        owned_count=len(owned),
        leaves_nobody=bool(lines or owned) and is_last and person is not None,
    )


def _step_lines(steps: Sequence[Action]) -> list[DependentLine]:
    """Return the steps, soonest first, each with a link to its item; behind the last one the rest as a number."""
    lines = [
        DependentLine(
            gettext("owner of a step on %(item)s, due %(day)s: %(text)s")
            % {"item": step.item.label_with_year, "day": dates.day(step.due_on), "text": step.text},
            f"{reverse('recommendations:item', args=[step.item_id])}#steps",
        )
        for step in steps[:_MOST_STEPS_NAMED]
    ]
    if rest := len(steps) - len(lines):
        more = ngettext("and of %(count)s more step", "and of %(count)s more steps", rest)
        lines.append(DependentLine(more % {"count": rest}, lines[-1].url))
    return lines


def _counts_of_agency(agency: Agency, in_force: AssignmentQuerySet, reader: User) -> list[str]:
    """Return the agency's open assignments, drafts, steps and requests in words, without those that are none."""
    assignments = in_force.count()
    drafts = Update.objects.filter(
        assignment__agency=agency, assignment__item__cycle__closed_at=None, state__in=EDITABLE_STATES
    )
    known = drafts.within_clearance(reader).count()
    open_steps = Action.objects.planned().filter(agency=agency, is_mapo=False, item__cycle__closed_at=None)
    steps = open_steps.count()
    requests = AssignmentRequest.objects.unanswered().filter(assignment__agency=agency).count()
    words = [
        (assignments, ngettext("%(count)s open assignment", "%(count)s open assignments", assignments)),
        (known, ngettext("%(count)s update not sent yet", "%(count)s updates not sent yet", known)),
        (steps, ngettext("%(count)s planned step", "%(count)s planned steps", steps)),
        (
            requests,
            ngettext("%(count)s request that awaits MAPO", "%(count)s requests that await MAPO", requests),
        ),
    ]
    return [text % {"count": count} for count, text in words if count]
