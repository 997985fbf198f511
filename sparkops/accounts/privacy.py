"""What a signed-in person sees is for them alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


def kept_by_nobody(answer: Answer) -> Answer:
    """Middleware: answers to signed-in people stay in no cache and on no disk of a shared computer,
    unless the view says otherwise."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if request.session.session_key and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
