"""The product's URL map with pages of their own: what breaks and what refuses."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request

from sparkops.api.gate import Endpoint
from sparkops.errors import Refusal
from sparkops.tiktok import errors
from tests.sparkops.telemetry import broken_tasks
from tests.sparkops.telemetry.planted import break_over


@csrf_exempt
def crash(request: HttpRequest, key: str) -> HttpResponse:
    break_over(request.body.decode() + key)
    return HttpResponse()


def refuse(_request: HttpRequest, how: str) -> HttpResponse:
    if how == "refusal":
        raise Refusal("planted", "Choose another one.")
    if how == "missing":
        raise Http404
    if how == "denied":
        raise PermissionDenied
    raise errors.Throttled(api="ads")


def read_and_send(_request: HttpRequest, key: str, queue: str) -> HttpResponse:
    """Reads a row by a secret, and gives work to a worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s AS given, 'quoted' AS fixed", [key])
    broken_tasks.call.apply_async(queue=queue)
    return HttpResponse()


class BrokenEndpoint(Endpoint):
    """An address of the API that breaks before it looks at the key."""

    def initial(self, _request: Request, *_args: Any, key: str) -> None:
        break_over(key)


urlpatterns = [
    path("broken/<str:key>/endpoint/", BrokenEndpoint.as_view()),
    path("broken/<str:key>/send/<str:queue>/", read_and_send),
    path("broken/<str:key>/crash/", crash),
    path("broken/<str:how>/refuse/", refuse),
    path("", include("sparkops.urls")),
]
