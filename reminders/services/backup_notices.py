"""Notices that tell MAPO's administrators what is the matter with the backups, once a day, and that mail is held back."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from audit.clock import local_date
from backups.queries import LastBackups
from backups.states import Trouble
from reminders.messages.notices import NOTICE_KINDS, NoticeKind, NoticeValues
from reminders.services.notices import tell_administrators
from reminders.states import BACKUP_TROUBLE, MAIL_HELD
from ui.numbers import number


def register() -> None:
    """Register the texts of both notices."""
    NOTICE_KINDS[BACKUP_TROUBLE] = NoticeKind(
        sentence=_sentence, subject=_("Backups need a look"), icon="database-backup", is_urgent=True
    )
    NOTICE_KINDS[MAIL_HELD] = NoticeKind(
        sentence=_held_sentence, subject=_("E-mail is held back"), icon="mail-x", is_urgent=True
    )


def notify_held(now: datetime) -> None:
    """Tell all administrators; their mails wait too."""
    tell_administrators(what=MAIL_HELD, about={}, path=reverse("reminders:held_mail"), now=now)


def notify_trouble(state: LastBackups, now: datetime) -> None:
    """Tell all administrators, also by mail. The day is part of what is said, so that each day has its own."""
    troubles = {about: trouble.value for about, trouble in state.troubles()}
    about = {**troubles, "day": local_date(now).isoformat(), "not_backed_up": state.files_not_backed_up}
    tell_administrators(what=BACKUP_TROUBLE, about=about, path=reverse("installation:state"), now=now)


def _sentence(values: NoticeValues) -> str:
    texts = {
        ("database", Trouble.FAILED): gettext("the backup of the database failed"),
        ("database", Trouble.LATE): gettext("the backup of the database is too old"),
        ("database", Trouble.NEVER): gettext("the database was never backed up"),
        ("files", Trouble.FAILED): gettext("the backup of the files failed"),
        ("files", Trouble.LATE): gettext("the backup of the files is too old"),
        ("files", Trouble.NEVER): gettext("the files were never backed up"),
        ("archiving", Trouble.FAILED): gettext("the database's changes cannot be archived"),
    }
    said = [text for (about, trouble), text in texts.items() if values.get(about) == trouble]
    sentence = gettext("Backups need a look: %(troubles)s") % {"troubles": "; ".join(said)}
    count = values["not_backed_up"]
    if count and "files" in values:
        in_none = ngettext("%(count)s file is in no backup", "%(count)s files are in no backup", count)
        sentence = f"{sentence}. {in_none % {'count': number(count)}}"
    return sentence


def _held_sentence(_values: NoticeValues) -> str:
    return gettext(
        "This database was restored or moved: e-mail is held back until an administrator releases it"
    )
