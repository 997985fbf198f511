"""SparkOps: the platform under the four domain apps.

Loads the Celery app so that shared tasks find it; nothing else happens on import.
"""

from sparkops.celery import app as celery_app

VERSION = "0.1.0"
__all__ = ["VERSION", "celery_app"]
