"""The demo's mailbox."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from sparkops.accounts.models import Mail
from sparkops.web import pages

SHOWN = 100


def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails that the demo would have sent. 404 outside the demo."""
    _demo_only()
    return pages.render(request, "accounts/mailbox.html", {"mails": Mail.objects.all()[:SHOWN]})


def mail(request: HttpRequest, mail: int) -> HttpResponse:
    """One mail, links clickable. 404 outside the demo."""
    _demo_only()
    return pages.render(request, "accounts/mail.html", {"mail": get_object_or_404(Mail, pk=mail)})


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404
