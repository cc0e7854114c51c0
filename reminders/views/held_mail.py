"""Administrators release mail that is held back after a restore."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import administrators_only
from accounts.acting import act_by_form, posted
from backups.queries import is_mail_held
from reminders.forms import ReleaseForm
from reminders.services.held_mail import WaitingMails, release, waiting_mails
from ui.numbers import number
from ui.recent_proof import requires_recent_proof


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@requires_recent_proof
def held_mail(request: HttpRequest) -> HttpResponseBase:
    """Say whether mail is held back and how many mails wait; release it with them or without."""
    return act_by_form(
        request,
        ReleaseForm(posted(request)),
        act=release,
        done=_done,
        back_url=reverse("reminders:delivery"),
        template="reminders/held_mail.html",
        context=_context,
        error_field="give_up",
        error_status=422,
    )


def _context() -> dict[str, object]:
    return {"is_held": is_mail_held(), "waiting": waiting_mails().count}


def _done(given_up: WaitingMails) -> str:
    if not given_up.count:
        return _("E-mail leaves again.")
    words = ngettext(
        "E-mail leaves again, without %(count)s that waited.",
        "E-mail leaves again, without the %(count)s that waited.",
        given_up.count,
    )
    return words % {"count": number(given_up.count)}
