"""The product's URL map with pages of their own: what breaks and what refuses."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from sparkops.errors import Refusal
from sparkops.tiktok import errors
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


urlpatterns = [
    path("broken/<str:key>/crash/", crash),
    path("broken/<str:how>/refuse/", refuse),
    path("", include("sparkops.urls")),
]
