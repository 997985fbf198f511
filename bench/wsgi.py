"""The product's web process with the bench's addresses."""

from django.conf import settings

settings.ROOT_URLCONF = "bench.urls"

from sparkops.wsgi import application  # noqa: E402

__all__ = ["application"]
