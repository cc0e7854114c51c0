"""The mails of a demonstration, which has no mail server. Elsewhere these pages do not exist (`reminders.urls`)."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.access import person_of
from audit.refusals import refuse
from reminders.queries.demo_mails import (
    DemoMail,
    list_mails,
    load_demo_mail,
)
from ui.pagination import paginate

PER_PAGE = 50
#: The HTML of a mail is shown in a frame without scripts, pictures, forms or anything from elsewhere; links open outside.
_IN_FRAME = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """List the mails that the person may read, the newest first."""
    found = list_mails(person_of(request))
    return render(request, "reminders/mails.html", {"page": paginate(request, found, per_page=PER_PAGE)})


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # the view takes more than a request
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: its headers, and both its versions."""
    return render(request, "reminders/mail.html", {"mail": _mail(request, name)})


@require_safe
@xframe_options_sameorigin
@csp(_IN_FRAME)  # type: ignore[arg-type]  # the view takes more than a request
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Return the HTML of a mail by itself, for the frame on its page."""
    # Links leave the frame, because the pages of the site refuse to be framed.
    return HttpResponse(_mail(request, name).html.replace("<head>", '<head>\n<base target="_top">', 1))


@require_safe
def mail_file(request: HttpRequest, name: str) -> HttpResponse:
    """Return the mail as a file for a mail program, byte for byte as it would have been sent."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(_mail(request, name).raw, content_type="message/rfc822", headers=headers)


def _mail(request: HttpRequest, name: str) -> DemoMail:
    """Return the mail, or answer 404, which is recorded if there is such a mail."""
    found = load_demo_mail(name)
    if found is None:
        raise Http404
    if not found.is_for(person_of(request)):
        refuse(request)
    return found
