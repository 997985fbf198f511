"""The daily digest of a person (SS5): what expires, failed, waits for them or loses money.

Every line is counted by the query of the page that it opens. A digest is a row per person and day
before anything is sent, and its mail carries the same id in every attempt.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from authorizations.models import Authorization
from authorizations.queries import find_authorizations, tab_filter
from campaigns.models import Ad
from sparkops.accounts.models import User
from sparkops.alerts.chat import MOST_TEXT, ChatError, Message
from sparkops.alerts.chats import say
from sparkops.alerts.models import Chat, Delivery, Digest
from sparkops.alerts.queries import notices_of, open_chat
from sparkops.alerts.wishes import EMAIL, read_wishes
from sparkops.clock import shop_day
from sparkops.home.gaps import BY_KEY, gap_url
from sparkops.isolation.scope import client_scope
from sparkops.talk.queries import tasks_of_view
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import clients_of, membership_for
from sparkops.web.formats import plural

LATEST = timedelta(hours=12)
"""A digest that could not be made for so long after its time would say yesterday's news."""
CLAIM = timedelta(minutes=5)
ATTEMPTS = 8
SOON_DAYS = 7


@dataclass(frozen=True)
class Line:
    """One fact of a client: how many, of what, and the page with exactly these rows."""

    heading: str
    client: Client
    count: int
    text: str
    path: str


def lines_of(user: User, *, now: datetime) -> list[Line]:
    """Everything that a person's digest says, by heading and client; nothing is left out that is
    not zero. Opens a scope per client, so none may be open."""
    found: list[Line] = []
    for client in clients_of(user):
        member = membership_for(user, client)
        if member is None or not member.may(Permission.VIEW):
            continue
        with client_scope(client.pk):
            found += _lines(user, client, member.may(Permission.COMMENT), now)
    order = ("Failed", "Losing money", "Expiring", "Waiting for you")
    return sorted(found, key=lambda line: order.index(line.heading))


def _lines(user: User, client: Client, may_comment: bool, now: datetime) -> Iterator[Line]:
    rights = reverse("authorizations:list", kwargs={"client": client.slug})
    ads = reverse("campaigns:list", kwargs={"client": client.slug})
    bare, losing = BY_KEY["live-not-covered"], BY_KEY["live-losing-money"]
    expiring = Authorization.objects.filter(tab_filter("expiring", now))
    soon = find_authorizations(expiring, {"ends": SOON_DAYS}, now)
    refused = Authorization.objects.filter(state="rejected")
    asked: list[tuple[str, QuerySet[Ad] | QuerySet[Authorization], str, str, str]] = [
        ("Failed", Ad.objects.filter(state="lost_permission"), "ad lost its permission",
         "ads lost their permission", f"{ads}?tab=lost"),
        ("Failed", refused, "permission was refused", "permissions were refused",
         f"{rights}?state=rejected"),
        ("Failed", bare.rows(client, now), "ad runs without cover", "ads run without cover",
         gap_url(client, bare)),
        ("Losing money", losing.rows(client, now), "ad runs on a post that loses money",
         "ads run on posts that lose money", gap_url(client, losing)),
        ("Expiring", soon, f"permission ends within {SOON_DAYS} days",
         f"permissions end within {SOON_DAYS} days", f"{rights}?tab=expiring&ends={SOON_DAYS}"),
    ]  # fmt: skip
    for heading, rows, one, many, path in asked:
        if count := rows.count():
            yield Line(heading, client, count, plural(count, one, many), path)
    if new := notices_of(user, "").count():
        path = f"{reverse('notifications')}?client={client.slug}"
        text = plural(new, "new notification", "new notifications")
        yield Line("Waiting for you", client, new, text, path)
    if may_comment:
        mine = tasks_of_view("mine", user, shop_day(now, client.timezone)).count()
        if mine:
            path = reverse("talk:tasks", kwargs={"client": client.slug})
            yield Line("Waiting for you", client, mine, plural(mine, "task", "tasks"), path)


def wants_digest(user: User) -> bool:
    """What the person chose, else whether any of their roles may comment."""
    chosen = read_wishes(user.notices).digest
    if chosen is not None:
        return chosen
    return any(one.may(Permission.COMMENT) for one in user.memberships.all())


def plan_digests(*, now: datetime) -> list[int]:
    """Write today's digest of everyone whose time has come, and name all that wait to be sent."""
    people = User.objects.filter(is_active=True, memberships__isnull=False).distinct()
    due = []
    for user in people.prefetch_related("memberships"):
        day = shop_day(now, user.timezone)
        at = read_wishes(user.notices).digest_due(day, user.timezone)
        if at <= now < at + LATEST and wants_digest(user):
            due.append(Digest(user=user, day=day, due_at=at))
    Digest.objects.bulk_create(due, ignore_conflicts=True)
    waiting = Digest.objects.filter(state=Delivery.State.WAITING, due_at__lte=now)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def send_digest(pk: int, *, now: Callable[[], datetime]) -> None:
    """Send a digest that still waits, once. One without a line is not sent."""
    digest = _claim(pk, now())
    if digest is None:
        return
    lines = lines_of(digest.user, now=now())
    if not lines:
        _settle(digest, Delivery.State.DROPPED, now())
        return
    chat = _chat(digest.user)
    mail = _mail(digest, lines)
    try:
        if chat is None:
            mail.send()
        else:
            url = f"{settings.SITE_URL}{reverse('notifications')}"
            say(chat, Message(str(mail.subject), _short(lines), url), now=now())
    except (OSError, ChatError) as error:
        _put_off(digest, str(error), now())
    else:
        _settle(digest, Delivery.State.SENT, now())


def _chat(user: User) -> Chat | None:
    """The chat that the person chose for it, while the other side takes messages."""
    by = read_wishes(user.notices).digest_by
    return None if by == EMAIL else open_chat(user, by)


def _short(lines: list[Line]) -> str:
    """The lines as a chat takes them: whole ones, as many as fit."""
    told: list[str] = []
    for line in lines:
        one = f"{line.client}: {line.text} {settings.SITE_URL}{line.path}"
        if sum(map(len, told)) + len(told) + len(one) > MOST_TEXT - 100:
            left = plural(len(lines) - len(told), "more line", "more lines")
            return "\n".join([*told, f"and {left} in SparkOps"])
        told.append(one)
    return "\n".join(told)


def _claim(pk: int, now: datetime) -> Digest | None:
    with transaction.atomic():
        digest = (
            Digest.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("user")
            .filter(pk=pk, state=Delivery.State.WAITING, due_at__lte=now)
            .filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
            .first()
        )
        if digest is not None:
            digest.claimed_until, digest.attempts = now + CLAIM, digest.attempts + 1
            digest.save(update_fields=["claimed_until", "attempts"])
        return digest


def _mail(digest: Digest, lines: list[Line]) -> EmailMessage:
    context = {
        "lines": lines,
        "day": digest.day,
        "site_url": settings.SITE_URL,
        "settings_path": reverse("notification-settings"),
    }
    return EmailMessage(
        subject=f"SparkOps, {digest.day:%d %B}: {plural(len(lines), 'thing', 'things')} to look at",
        body=render_to_string("emails/alerts/digest.txt", context),
        to=[digest.user.email],
        headers={"Message-ID": f"<digest-{digest.user_id}-{digest.day:%Y-%m-%d}@sparkops>"},
    )


def _settle(digest: Digest, state: str, now: datetime) -> None:
    digest.state, digest.claimed_until, digest.error = state, None, ""
    digest.sent_at = now if state == Delivery.State.SENT else None
    digest.save()


def _put_off(digest: Digest, error: str, now: datetime) -> None:
    digest.error, digest.claimed_until = error, None
    digest.due_at = now + timedelta(minutes=2**digest.attempts)
    if digest.attempts >= ATTEMPTS:
        digest.state = Delivery.State.FAILED
    digest.save()
