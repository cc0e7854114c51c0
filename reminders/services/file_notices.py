"""Notices that tell MAPO's administrators that stored bytes are harmed."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from evidence.extensions import HarmedFile
from evidence.states import Harm
from reminders.messages.notices import NOTICE_KINDS, NoticeKind, NoticeValues
from reminders.services.notices import give_notice
from reminders.states import FILE_HARMED


def register() -> None:
    """Register the text of the notice."""
    NOTICE_KINDS[FILE_HARMED] = NoticeKind(
        sentence=_sentence, subject=_("A stored file is harmed"), icon="shield-alert", is_urgent=True
    )


def notify_harm(file: HarmedFile, now: datetime) -> None:
    """Tell all administrators at once and by mail; who may not open the file learns only that there is one."""
    for person in User.objects.working_at_mapo().filter(role=Role.ADMINISTRATOR).order_by("pk"):
        may_open = person.clearance >= file.classification
        about = {"noun": file.noun, "number": file.number, "harm": file.harm.value} if may_open else {}
        give_notice(
            person,
            what=FILE_HARMED,
            about=about,
            path=file.path if may_open else reverse("evidence:checks"),
            # By the machine's clock, as mails are.
            mail_after=timezone.now(),
            now=now,
        )


def _sentence(values: NoticeValues) -> str:
    if not values:
        return gettext("A stored file is no longer what was received: compare the files with the backup")
    nouns = {
        "document": gettext("evidence file %(number)s"),
        "report": gettext("the file of summary %(number)s"),
        "source": gettext("source document %(number)s"),
    }
    texts = {
        Harm.DIFFERS: gettext(
            "The bytes of %(file)s differ from what was recorded: restore it from the backup"
        ),
        Harm.MISSING: gettext("The bytes of %(file)s are missing: restore it from the backup"),
        Harm.UNREADABLE: gettext("The bytes of %(file)s cannot be read: look at the disk"),
    }
    if values["noun"] == "report":
        # It is in no backup: whoever wants it makes it again.
        texts |= {
            Harm.DIFFERS: gettext(
                "The bytes of %(file)s differ from what was recorded: make the summary again"
            ),
            Harm.MISSING: gettext("The bytes of %(file)s are missing: make the summary again"),
        }
    file = nouns[values["noun"]] % {"number": values["number"]}
    return texts[Harm(values["harm"])] % {"file": file}
