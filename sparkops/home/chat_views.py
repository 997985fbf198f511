"""A person's chats on the page of notification settings."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.accounts.models import User
from sparkops.alerts.chat import ChatError, Message
from sparkops.alerts.chats import NewChat, add_chat, remove_chat, say
from sparkops.alerts.models import Chat
from sparkops.errors import Refusal
from sparkops.home.forms import ChatForm
from sparkops.tenants.gate import member_view
from sparkops.web import pages
from sparkops.web.limits import MINUTE, within

TESTS_A_MINUTE = 5


@member_view
def add(request: HttpRequest) -> HttpResponse:
    """Add a chat."""
    form = ChatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            chat = add_chat(_person(request), NewChat(**form.cleaned_data), now=clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"You are told in {chat} too. Send a test message now.")
            return pages.redirect(request, "notification-settings")
    status = 422 if form.errors else 200
    return pages.render(request, "home/chat_add.html", {"form": form}, status=status)


@member_view
@require_POST
def test(request: HttpRequest, chat: int) -> HttpResponse:
    """Send a message that says that it is a test."""
    found = _mine(request, chat)
    if not within(TESTS_A_MINUTE, f"chat-test:{found.user_id}", MINUTE):
        raise Refusal("too_often", "That were many tests. Wait a minute, then send the next.")
    url = f"{settings.SITE_URL}{reverse('notification-settings')}"
    try:
        say(found, Message("A test from SparkOps", "You will be told here.", url), now=clock.now())
    except ChatError as error:
        raise Refusal("not_taken", error.sentence) from error
    messages.success(request, f"The test message is in {found}.")
    return pages.redirect(request, "notification-settings")


@member_view
@require_POST
def remove(request: HttpRequest, chat: int) -> HttpResponse:
    """Take a chat away."""
    found = _mine(request, chat)
    remove_chat(found, user=_person(request))
    messages.success(request, f"Nothing is said in {found} any more.")
    return pages.redirect(request, "notification-settings")


def _mine(request: HttpRequest, pk: int) -> Chat:
    return get_object_or_404(Chat, pk=pk, user=_person(request))


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
