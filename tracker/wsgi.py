"""The door that gunicorn opens."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
application = get_wsgi_application()

from tracker.celery import never_keep_pages_waiting  # noqa: E402 - reads the settings

never_keep_pages_waiting()
