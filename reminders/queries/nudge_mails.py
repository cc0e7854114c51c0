"""The mails that a nudge would bring, as they would leave, before it is sent."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import translation

from accounts.models import Agency, Language, User
from audit.clock import KUALA_LUMPUR
from reminders.mails.content import MailContent
from reminders.mails.rendering import render_mail
from reminders.messages.details import ReminderDetails, ids_of, load_details
from reminders.messages.grouping import group_reminders
from reminders.models import Delivery, Nudge, Preference, Reminder
from reminders.services.nudges import NudgeCandidate, reminder_of
from reminders.states import CLOSING_HOUR, DEFAULT_HOUR, OPENING_HOUR, MailKind

#: So many mails are shown; those of further recipients read alike.
MAX_MAILS = 5


@dataclass(frozen=True, slots=True)
class NudgeMail:
    """The mail to one recipient: `language` is its code, `text` the plain text of the mail."""

    name: str
    address: str
    language: str
    subject: str
    text: str

    @property
    def language_label(self) -> str:
        return str(Language(self.language).label)


def preview_mails(
    candidates: Iterable[NudgeCandidate], *, line: str, today: date, now: datetime
) -> list[NudgeMail]:
    """Return the mails to the first recipients of these nudges, each in the recipient's language; saves nothing.

    At most `MAX_MAILS`, the people before the shared mailboxes. The number of queries does not depend on how many.
    """
    rows = _reminders(candidates, line=line, today=today, now=now)
    people = User.objects.order_by().in_bulk(ids_of(rows, "user_id"))
    mailboxes = Agency.objects.order_by().in_bulk(ids_of(rows, "agency_id"))
    grouped: dict[str, list[Reminder]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.user_id is None):
        grouped[row.recipient].append(row)
    shown = [*grouped.values()][:MAX_MAILS]
    digests = _digests([group[0].recipient for group in shown], today=today, now=now)
    details = iter(load_details(row for group in shown for row in group))
    return [
        _mail(
            people.get(group[0].user_id or 0) or mailboxes[group[0].agency_id or 0],
            [replace(next(details), nudge_line=line) for _row in group],
            kind=MailKind.DIGEST if group[0].recipient in digests else MailKind.URGENT,
            today=today,
            now=now,
        )
        for group in shown
    ]


def _reminders(
    candidates: Iterable[NudgeCandidate], *, line: str, today: date, now: datetime
) -> list[Reminder]:
    """Return the reminders of these nudges, unsaved."""
    return [
        reminder_of(Nudge(assignment=each.assignment, line=line), member, today=today, now=now)
        for each in candidates
        for member in each.audience
    ]


def _digests(recipients: Sequence[str], *, today: date, now: datetime) -> set[str]:
    """Return those whose digest goes out now and takes the nudge along: their hour has come, and none has gone today.

    Outside sending hours the mail leaves at the opening hour of the next working day.
    """
    hour = now.astimezone(KUALA_LUMPUR).hour
    is_open = OPENING_HOUR <= hour < CLOSING_HOUR
    people = [int(each.removeprefix("person:")) for each in recipients if each.startswith("person:")]
    preferences = Preference.objects.order_by().filter(user__in=people)
    hours = {f"person:{user_id}": at for user_id, at in preferences.values_list("user_id", "hour")}
    rows = Delivery.objects.filter(kind=MailKind.DIGEST, day=today, recipient__in=recipients)
    gone = set(rows.order_by().values_list("recipient", flat=True)) if is_open else set()
    latest = hour if is_open else OPENING_HOUR
    return {each for each in recipients if each not in gone and hours.get(each, DEFAULT_HOUR) <= latest}


def _mail(
    recipient: User | Agency,
    details: Sequence[ReminderDetails],
    *,
    kind: MailKind,
    today: date,
    now: datetime,
) -> NudgeMail:
    is_mailbox = isinstance(recipient, Agency)
    name = recipient.code if isinstance(recipient, Agency) else recipient.name
    address = recipient.shared_mailbox if isinstance(recipient, Agency) else recipient.email
    language = Language.MALAY.value if isinstance(recipient, Agency) else recipient.language
    with translation.override(language):
        texts = [group.text for group in group_reminders(details, today=today)]
    content = MailContent(
        delivery_id=0,
        message_id="",
        address=address,
        name=name,
        language=language,
        kind=kind,
        day=today,
        made_at=now,
        attempts_count=0,
        texts=texts,
        reminder_ids=[],
        is_mailbox=is_mailbox,
    )
    message = render_mail(content)
    return NudgeMail(name, address, language, str(message.subject), str(message.body))
