"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from sparkops import telemetry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sparkops.settings")

telemetry.start("web")
application = get_wsgi_application()
