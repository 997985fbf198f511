"""Starting the product's web process against starting Django with its own apps."""

import subprocess
import sys
from collections.abc import Iterator

from bench.databases import environment
from bench.runner import Line, Measure, in_turns
from bench.stage import Stage

OURS = "import sparkops.wsgi; from django.urls import get_resolver; get_resolver().url_patterns"
BARE = """
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes",
    "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles"],
    ROOT_URLCONF="django.contrib.auth.urls", SECRET_KEY="bare")
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
from django.urls import get_resolver; get_resolver().url_patterns
"""


def run(stage: Stage) -> Iterator[Line]:
    ours, bare = in_turns(
        lambda: _start(OURS), lambda: _start(BARE), rounds=stage.size.heavy_rounds
    )
    yield Line("start of the web process / bare Django", ours, bare, "ms")


def _start(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], env=environment(), check=True)


MEASURE = Measure("start_up", run)
