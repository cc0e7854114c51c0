"""The door that gunicorn opens."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
application = get_wsgi_application()

from tracker import database_watch  # noqa: E402 - read the settings
from tracker.celery import never_keep_pages_waiting  # noqa: E402

database_watch.begin()
never_keep_pages_waiting()
