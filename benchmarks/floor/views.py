"""What the machine can do at best for the same kind of work: a bare page and a bare upload."""

import hashlib
import os
import tempfile

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt

ITEMS = """
    SELECT item.number, item.kind, item.text_ms, agency.code, agency.name_ms, lead.next_due_on
    FROM recommendations_item item
    LEFT JOIN recommendations_assignment lead
        ON lead.item_id = item.id AND lead.role = 'lead' AND lead.stage <> 'ended'
    LEFT JOIN accounts_agency agency ON agency.id = lead.agency_id
    WHERE item.kind <> 'achievement'
        AND item.cycle_id = (SELECT id FROM recommendations_cycle ORDER BY year DESC LIMIT 1)
    ORDER BY item.kind, item.number
"""


def page(request: HttpRequest) -> HttpResponse:
    """Session, person, one query, a bare table without layout: three queries and about 8 kB."""
    assert request.user.is_authenticated
    with connection.cursor() as cursor:
        cursor.execute(ITEMS)
        rows = cursor.fetchall()
    lines = (f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return HttpResponse(f"<table>{''.join(lines)}</table><p>{'.' * 3_000}</p>")


@csrf_exempt
@login_not_required
def upload(request: HttpRequest) -> HttpResponse:
    """Hash what arrives, write it to disk, fsync: nothing else."""
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=settings.MEDIA_ROOT) as file:
        while chunk := request.read(64 * 1024):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return HttpResponse(digest.hexdigest())
