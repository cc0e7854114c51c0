"""Notices of what changes somebody's work: an update that MAPO asks for, the date of a step, a handover, a role."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import StandIn, User
from accounts.roles import Role
from audit.clock import local_date
from recommendations.extensions import HandedOver, RoleChange, StepDate, StepNews
from recommendations.models import Action, AskedUpdate, Item
from recommendations.states import AssignmentRole, item_label
from reminders.messages.notices import NOTICE_KINDS, NoticeKind, NoticeValues
from reminders.services.notices import give_notice
from reminders.services.nudges import audiences_of
from reminders.states import (
    HANDED_OVER,
    ROLE_CHANGED,
    STEP_ANSWERED,
    STEP_DECIDED,
    STEP_LATER_ASKED,
    STEP_MOVED,
    UPDATE_ASKED,
)
from ui import dates

#: Whoever has not looked by then gets a mail.
MAIL_AFTER = timedelta(minutes=15)
#: The most characters that a notice says of a reason or a step; its page says all.
_MOST_SAID = 200


def register() -> None:
    """Register the texts of each kind of notice."""
    kinds = {
        UPDATE_ASKED: (_asked_sentence, _("MAPO asks for an update"), "message-square"),
        STEP_LATER_ASKED: (_later_sentence, _("An agency asks for a later date"), "calendar-check"),
        STEP_MOVED: (_moved_sentence, _("An agency moved the date of a planned step"), "calendar-check"),
        STEP_ANSWERED: (_answer_sentence, _("MAPO decided on a planned step"), "calendar-check"),
        STEP_DECIDED: (
            _decided_sentence,
            _("The council decided on a step of your agency"),
            "calendar-check",
        ),
        ROLE_CHANGED: (_role_sentence, _("The role of your agency on an item changed"), "users"),
        HANDED_OVER: (_handover_sentence, _("Work was handed over to you"), "user-check"),
    }
    for what, (sentence, subject, icon) in kinds.items():
        NOTICE_KINDS[what] = NoticeKind(sentence=sentence, subject=subject, icon=icon)


def notify_asked_update(asked: AskedUpdate, now: datetime) -> None:
    """Tell whoever is responsible for the assignment, and their stand-ins, that MAPO asks for an update by a date."""
    assignment = asked.assignment
    members = audiences_of([assignment], today=local_date(now)).get(assignment.pk, [])
    about = {"asked": asked.pk, "day": asked.due_on.isoformat()}
    _give(
        User.objects.filter(pk__in=[member.user_id for member in members if member.user_id]),
        what=UPDATE_ASKED,
        about=about | _item_values(assignment.item, assignment.agency.code),
        texts={"reason": asked.reason},
        path=reverse("recommendations:item", args=[assignment.item_id]),
        # By the machine's clock, as mails are.
        mail_after=timezone.now(),
        now=now,
    )


def notify_step_date(told: StepDate, now: datetime) -> None:
    """Tell MAPO of a later date that an agency asks for or set itself; the agency of what MAPO answered or decided.

    Of what an agency set itself MAPO gets no mail: there is nothing to answer.
    """
    step, is_by_mapo = told.step, told.actor.is_mapo
    if not is_by_mapo and told.after <= told.before:
        return
    if is_by_mapo:
        what = STEP_DECIDED if told.news == StepNews.DECIDED else STEP_ANSWERED
        people = _owners(step, told.asker, today=local_date(now))
    else:
        what = STEP_LATER_ASKED if told.news == StepNews.LATER_ASKED else STEP_MOVED
        people = [*User.objects.working_at_mapo()]
    about = {
        "step": step.pk,
        "step_day": told.after.isoformat(),
        "before": told.before.isoformat(),
        "news": told.news.value,
        "agency_id": step.agency_id,
    }
    _give(
        people,
        what=what,
        about=about | _item_values(step.item, step.agency.code),
        texts={"text": step.text, "reason": told.reason},
        path=f"{reverse('recommendations:item', args=[step.item_id])}#steps",
        mail_after=None if what == STEP_MOVED else timezone.now() + MAIL_AFTER,
        now=now,
    )


def notify_role(change: RoleChange, now: datetime) -> None:
    """Tell the agency whose role changed, and the one that led until then, who leads the item from now on.

    The reason is left out: it stands in the history of the item, to which the notice leads.
    """
    assignment, before = change.assignment, change.before
    told = [assignment, before] if before else [assignment]
    about = {"role": assignment.role, "before": before.agency.code if before else "", "at": now.isoformat()}
    audiences = audiences_of(told, today=local_date(now))
    for each in told:
        members = [member.user_id for member in audiences.get(each.pk, [])]
        people = {person.pk: person for person in _contacts(each.agency_id)}
        people |= User.objects.in_bulk([pk for pk in members if pk])
        _give(
            people.values(),
            what=ROLE_CHANGED,
            about=about
            | {"agency_id": each.agency_id}
            | _item_values(assignment.item, assignment.agency.code),
            path=reverse("recommendations:item_history", args=[assignment.item_id]),
            mail_after=timezone.now() + MAIL_AFTER,
            now=now,
        )


def notify_handover(handover: HandedOver, now: datetime) -> None:
    """Tell the colleague what was handed over to them; without one, the agency's coordinators or all of MAPO."""
    person, colleague = handover.person, handover.colleague
    people: Iterable[User]
    if colleague is not None:
        to, people = "colleague", [colleague]
    elif person.is_mapo:
        to, people = "mapo", User.objects.working_at_mapo()
    else:
        to, people = "coordinators", _contacts(person.agency_id)
    about = {
        "person": person.name,
        "assignments": handover.assignment_count,
        "steps": handover.step_count,
        "to": to,
    }
    for each in people:
        if each.pk != person.pk:
            _give(
                [each],
                what=HANDED_OVER,
                about=about | {"agency_id": each.agency_id},
                path=reverse("recommendations:steps" if each.is_mapo else "recommendations:my_work"),
                mail_after=timezone.now() + MAIL_AFTER,
                now=now,
            )


def _give(people: Iterable[User], **notice: Any) -> None:
    for person in people:
        give_notice(person, **notice)


def _owners(step: Action, asker: User | None, *, today: date) -> list[User]:
    """Return whose step it is at the agency, with who stands in for them, and who asked for another date."""
    owner = step.owner if step.owner and step.owner.is_able_to_act else None
    owners = [owner] if owner else [*_contacts(step.agency_id)]
    stand_ins = StandIn.objects.on(today).routing().filter(absent__in=owners).select_related("colleague")
    found = [
        *owners,
        *(row.colleague for row in stand_ins),
        *([asker] if asker and asker.is_agency_actor else []),
    ]
    return [*{each.pk: each for each in found if each.agency_id == step.agency_id}.values()]


def _contacts(agency_id: int) -> Iterable[User]:
    """Return the agency's coordinators, or all who act for it if it has none (the relation `contacts` of the planning)."""
    able = User.objects.able_to_act().in_agency(agency_id)
    return able.filter(Q(role=Role.COORDINATOR) | Q(is_acting=True)) or able


def _shortened(text: str) -> str:
    """Return a text, from which hidden words are hidden already, as a sentence cites it."""
    return Truncator(" ".join(text.split())).chars(_MOST_SAID)


def _item_values(item: Item, agency: str) -> dict[str, str | int]:
    return {"kind": item.kind, "number": item.number, "year": item.cycle.year, "agency": agency}


def _words(values: NoticeValues) -> dict[str, str]:
    """Return the words that sentences are made of; `because` is the reason after a colon, or nothing."""
    found = {
        "item": f"{item_label(values['kind'], values['number'])} ({values['year']})",
        "agency": values["agency"],
        "because": f": {_shortened(values['reason'])}" if values["reason"] else "",
        "text": _shortened(values.get("text", "")),
    }
    days = {"before": "before", "after": "step_day", "day": "day"}
    return found | {
        name: dates.day(date.fromisoformat(values[key])) for name, key in days.items() if key in values
    }


def _asked_sentence(values: NoticeValues) -> str:
    return gettext("MAPO asks for an update on %(item)s by %(day)s%(because)s") % _words(values)


def _later_sentence(values: NoticeValues) -> str:
    words = _words(values)
    return (
        gettext("%(agency)s asks to move “%(text)s” on %(item)s from %(before)s to %(after)s%(because)s")
        % words
    )


def _moved_sentence(values: NoticeValues) -> str:
    words = _words(values)
    return (
        gettext("%(agency)s moved its step “%(text)s” on %(item)s from %(before)s to %(after)s%(because)s")
        % words
    )


def _answer_sentence(values: NoticeValues) -> str:
    words = _words(values)
    if values["news"] == StepNews.CANCELLED:
        return gettext("MAPO cancelled “%(text)s” on %(item)s%(because)s") % words
    if values["news"] == StepNews.KEPT:
        return gettext("MAPO keeps %(before)s as the due date of “%(text)s” on %(item)s%(because)s") % words
    return gettext("MAPO moved “%(text)s” on %(item)s from %(before)s to %(after)s%(because)s") % words


def _decided_sentence(values: NoticeValues) -> str:
    words = _words(values)
    return gettext("The council decided on %(item)s: “%(text)s”, due on %(after)s") % words


def _role_sentence(values: NoticeValues) -> str:
    words = {
        "item": f"{item_label(values['kind'], values['number'])} ({values['year']})",
        "agency": values["agency"],
        "before": values["before"],
    }
    if values["role"] == AssignmentRole.SUPPORT:
        return gettext("%(agency)s no longer leads %(item)s and now supports it") % words
    if values["before"]:
        return gettext("%(agency)s now leads %(item)s; %(before)s now supports it") % words
    return gettext("%(agency)s now leads %(item)s") % words


def _handover_sentence(values: NoticeValues) -> str:
    assignments, steps = values["assignments"], values["steps"]
    counted = [
        (assignments, ngettext("%(count)s assignment", "%(count)s assignments", assignments)),
        (steps, ngettext("%(count)s planned step", "%(count)s planned steps", steps)),
    ]
    named = [words % {"count": count} for count, words in counted if count]
    what = (
        gettext("%(names)s and %(last)s") % {"names": named[0], "last": named[1]} if named[1:] else named[0]
    )
    texts = {
        "colleague": _("You take over %(what)s of %(person)s"),
        "coordinators": _("The coordinators take over %(what)s of %(person)s: choose who does each"),
        "mapo": _("All of MAPO takes over %(what)s of %(person)s: choose who does each"),
    }
    return str(texts[values["to"]]) % {"what": what, "person": values["person"]}
