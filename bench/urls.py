"""The product's addresses and one empty page, for the measure of web throughput."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from sparkops.urls import urlpatterns as product


@login_required
def empty(_request: HttpRequest) -> HttpResponse:
    """Nothing, for someone who is signed in."""
    return HttpResponse(b"")


urlpatterns = [path("bench/empty/", empty), *product]
