"""Plans, approval by link with an undo window, and launches that cannot be made unsanctioned."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client as Browser

from authorizations.models import UsageTerms
from campaigns.actions import approval
from campaigns.actions import plans as actions
from campaigns.actions.launch import LaunchPlan, plan_launch
from campaigns.actions.override import Override
from campaigns.actions.switch import ask_to_enable
from campaigns.models import ApprovalLink, Launch, Plan, PlanLine
from campaigns.outbound import HANDLERS
from creators.models import Post
from sparkops.alerts.models import Alert
from sparkops.api.keys import create_key
from sparkops.audit.models import Event
from sparkops.audit.record import SYSTEM
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from sparkops.tenants.permissions import Permission
from tests.factories.ads import NOW, an_ad
from tests.factories.cast import Cast
from tests.factories.plans import MINA, Ready, draft, sent

pytestmark = pytest.mark.django_db
HERE = "/c/glow/campaigns/"
REASON = "The creator agreed by phone, terms follow today."


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    cache.clear()  # how often approval links were called
    with time_machine.travel(NOW, tick=False):
        yield


def as_role(cast: Cast, role: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def words_of(answer: Any) -> str:
    """What a reader sees of it, without markup."""
    return re.sub(r"<[^>]+>", "", text_of(answer))


def waiting(client_id: int) -> int:
    """What the outbox would send now."""
    return drain(client_id, HANDLERS, now=lambda: NOW)


def test_a_plan_goes_from_the_board_over_gates_and_internal_approval_to_a_client_by_link(
    cast: Cast, ready: Ready
) -> None:
    """N23: a link that needs no account shows accounts, budget, dates and posts; an approval
    leaves an undo window before anything leaves the outbox; links expire, are revocable, and only
    their hash is kept."""
    client = cast.client.pk
    with client_scope(client):
        plan = actions.make_plan(draft(ready), by=MINA, now=NOW)
        here = f"{HERE}plans/{plan.pk}/"
    media, manager, anyone = as_role(cast, "media"), as_role(cast, "manager"), Browser()
    assert manager.post(f"{here}send/", {"recipient": "Ada"}).status_code == 422
    assert media.post(f"{here}confirm/").status_code == 403
    assert media.post(f"{here}propose/").status_code == 302
    assert manager.post(f"{here}confirm/").status_code == 302
    assert media.post(f"{here}send/", {"recipient": "Ada"}).status_code == 403
    page = text_of(manager.post(f"{here}send/", {"recipient": "Ada of Glow"}))
    link = re.search(r"http://testserver(/approve/[^/<\s]+/)", page)[1]  # type: ignore[index]
    with client_scope(client):
        kept = ApprovalLink.objects.get()
        assert len(kept.secret_hash) == 64
        assert kept.secret_hash not in link
        assert not Event.objects.filter(data__icontains=link.split("/")[2][:20]).exists()
    assert "/approve/" not in text_of(manager.get(here))

    answer = anyone.get(link)
    shown = text_of(answer)
    assert "Account 01" in shown and "7000000000000000001" in shown
    assert "$120.00 a day, at most $840.00 in all" in shown
    assert "Thu Sep 10, 12:00 PM" in shown and "Thu Sep 17, 12:00 PM" in shown
    assert shown.count("$60.00 a day") == 2
    assert all(post.url in shown for post in ready.posts)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert 'content="noindex"' in shown
    assert anyone.post(link, {"word": "approve", "name": ""}).status_code == 422
    assert anyone.post(link, {"word": "approve", "name": "Ada"}).status_code == 302

    with client_scope(client):
        plan = Plan.objects.get(pk=plan.pk)
        assert (plan.state, plan.decided_by) == ("approved", "Ada (by link)")
        assert plan.launches_at == NOW + timedelta(minutes=15)
        assert set(Command.objects.values_list("state", "due_at")) == {
            ("waiting", plan.launches_at)
        }
        told = Event.objects.get(verb="plan.approved")
        assert told.data["shown"] == kept.snapshot
        assert told.data["address"] == "127.0.0.1"
        assert Alert.objects.filter(kind="plan.decided").count() == 1
    assert waiting(client) == 0
    assert "Nothing leaves before Thu Sep 10, 11:15 AM" in words_of(anyone.get(link))
    assert anyone.post(link, {"word": "approve", "name": "Ada"}).status_code == 422

    assert anyone.post(link, {"word": "undo", "name": "Ada"}).status_code == 302
    with client_scope(client):
        assert Plan.objects.get(pk=plan.pk).state == "undone"
        assert set(Command.objects.values_list("state", flat=True)) == {"canceled"}
        assert set(Launch.objects.values_list("state", flat=True)) == {"canceled"}
    assert drain(client, HANDLERS, now=lambda: NOW + timedelta(hours=1)) == 0


def test_an_approval_cannot_be_undone_once_the_window_is_over_or_a_command_left(
    cast: Cast, ready: Ready
) -> None:
    with client_scope(cast.client.pk):
        plan, token = sent(ready)
        link = approval.open_link(token, now=NOW)
        approval.approve(link, who=approval.Visitor("Ada", ""), now=NOW)
        late = NOW + timedelta(minutes=15)
        with pytest.raises(Refusal, match="no longer be undone"):
            approval.undo(plan, by=MINA, now=late)
        Command.objects.filter(pk=Command.objects.earliest("pk").pk).update(state="sending")
        with pytest.raises(Refusal, match="no longer be undone"):
            approval.undo(plan, by=MINA, now=NOW)


def test_an_approval_link_can_only_be_called_so_often_and_guessing_is_slowed_down(
    cast: Cast, ready: Ready
) -> None:
    """N23: one address cannot try tokens, and somebody else's tries lock nobody out."""
    with client_scope(cast.client.pk):
        _, token = sent(ready)
    here, wrong = f"/approve/{token}/", f"/approve/{token[:-2]}zz/"
    anyone = Browser(REMOTE_ADDR="198.51.100.7")
    assert [anyone.get(wrong).status_code for _ in range(31)] == [422] * 30 + [429]
    assert "Wait a minute" in text_of(anyone.get(wrong))
    answers = [anyone.get(here).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert anyone.post(here, {"word": "approve", "name": "Ada"}).status_code == 429
    assert Browser(REMOTE_ADDR="198.51.100.8").get(wrong).status_code == 422
    with client_scope(cast.client.pk):
        assert Plan.objects.get().state == "sent"


def test_a_link_that_is_late_revoked_forged_or_of_another_client_shows_nothing(
    cast: Cast, ready: Ready
) -> None:
    """N23: expiring and revocable."""
    anyone = Browser()
    with client_scope(cast.client.pk):
        plan, token = sent(ready)
        _, other = approval.make_link(plan, recipient="Bo", by=MINA, now=NOW)
        first = plan.links.order_by("pk")[0]
    assert "Serum push" in text_of(anyone.get(f"/approve/{token}/"))
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        late = anyone.get(f"/approve/{token}/")
    assert as_role(cast, "media").post(
        f"{HERE}plans/{plan.pk}/links/{first.pk}/revoke/"
    ).status_code == 403  # fmt: skip
    manager = as_role(cast, "manager")
    manager.post(f"{HERE}plans/{plan.pk}/links/{first.pk}/revoke/")
    gone = anyone.get(f"/approve/{token}/")
    forged = anyone.get(f"/approve/{token[:-2]}zz/")
    for answer in (late, gone, forged, anyone.post(f"/approve/{token}/", {"word": "approve"})):
        assert answer.status_code == 422
        shown = text_of(answer)
        assert "no longer works" in shown
        assert "Serum push" not in shown and "Glow" not in shown
    assert "Serum push" in text_of(anyone.get(f"/approve/{other}/"))
    manager.post(f"{HERE}plans/{plan.pk}/reopen/")
    assert "Serum push" not in text_of(anyone.get(f"/approve/{other}/"))


def test_a_client_may_decline_with_a_remark_and_nothing_is_launched(
    cast: Cast, ready: Ready
) -> None:
    with client_scope(cast.client.pk):
        plan, token = sent(ready)
    Browser().post(
        f"/approve/{token}/", {"word": "decline", "name": "Ada", "remark": "Not before October."}
    )
    page = text_of(as_role(cast, "media").get(f"{HERE}plans/{plan.pk}/"))
    assert "Declined by the client" in page and "Not before October." in page
    with client_scope(cast.client.pk):
        assert not Launch.objects.exists() and not Command.objects.exists()


def test_a_post_that_lost_its_cover_before_approval_is_refused_and_people_are_told(
    cast: Cast, ready: Ready
) -> None:
    with client_scope(cast.client.pk):
        plan, token = sent(ready)
        UsageTerms.objects.filter(post=ready.posts[0]).delete()
        link = approval.open_link(token, now=NOW)
        approval.approve(link, who=approval.Visitor("Ada", ""), now=NOW)
        states = {line.post_id: line.launch.state for line in plan.lines.all() if line.launch}
        assert states == {ready.posts[0].pk: "refused", ready.posts[1].pk: "planned"}
        assert "sage terms are missing" in Alert.objects.get(kind="plan.decided").body
        assert Command.objects.count() == 1


def no_terms(ready: Ready) -> dict[str, Any]:
    UsageTerms.objects.all().delete()
    return {}


def no_hold(ready: Ready) -> dict[str, Any]:
    UsageTerms.objects.update(hold_until=None)
    return {}


def short_window(ready: Ready) -> dict[str, Any]:
    return {"ends_at": NOW + timedelta(days=40)}


def over_the_cap(ready: Ready) -> dict[str, Any]:
    actions.set_limit("USD", max_daily=Decimal(50), max_total=None, by=MINA, now=NOW)
    return {}


UNSANCTIONED = [no_terms, no_hold, short_window, over_the_cap]


@pytest.mark.parametrize("spoil", UNSANCTIONED)
def test_an_unsanctioned_launch_cannot_be_made_and_an_override_needs_role_reason_and_audit(
    cast: Cast, ready: Ready, spoil: Callable[[Ready], dict[str, Any]]
) -> None:
    """TA10: without valid terms, without consent to the hold, with a window shorter than the
    schedule or above a cap, nothing is launched through the pages, the API, a plan or a rule; an
    override needs a role and a reason and is audited."""
    client, post = cast.client.pk, ready.posts[0]
    with client_scope(client):
        changes = spoil(ready)
        flight = {
            "starts_at": NOW + timedelta(hours=1),
            "ends_at": NOW + timedelta(days=7),
            **changes,
        }
        made = create_key(
            cast.agency, "Test", client=None, scopes=[Permission.CAMPAIGN_LAUNCH], expires_at=None,
            by=MINA, now=NOW,
        )  # fmt: skip
    asked = {
        "ad_account": ready.account.pk,
        "objective": "VIDEO_VIEWS",
        "daily_budget": "60.00",
        "starts_at": "2026-09-10T12:00",
        "ends_at": f"{flight['ends_at']:%Y-%m-%dT%H:%M}",
    }
    url = f"{HERE}posts/{post.pk}/launch/"
    as_role(cast, "media").post(url, asked)
    as_role(cast, "media").post(url, {**asked, "override_reason": REASON})
    as_role(cast, "manager").post(url, {**asked, "override_reason": "why not"})
    body = {
        "post_id": post.pk,
        "advertiser_id": ready.account.advertiser_id,
        "objective": "VIDEO_VIEWS",
        "daily_budget": "60.00",
        "starts_at": flight["starts_at"].isoformat(),
        "ends_at": flight["ends_at"].isoformat(),
    }
    bearer = {"Authorization": f"Bearer {made.secret}"}
    plain, forced = (
        Browser().post(
            "/api/v1/clients/glow/launches/", one, content_type="application/json", headers=bearer
        )
        for one in (body, {**body, "override_reason": REASON})
    )
    assert (plain.status_code, plain.json()["state"]) == (201, "refused")
    assert (forced.status_code, forced.json()["errors"][0]["code"]) == (422, "unknown_field")
    with client_scope(client):
        plan = LaunchPlan(
            post=post, ad_account=ready.account, objective="VIDEO_VIEWS",
            daily_budget=Decimal("60.00"), **flight,
        )  # fmt: skip
        assert plan_launch(plan, by=SYSTEM, now=NOW).state == "refused"
        if spoil is no_terms:
            with pytest.raises(Refusal, match="Nothing covers"):
                ask_to_enable(an_ad("Old", post, state="paused"), by=SYSTEM, now=NOW)
        drawn = actions.make_plan(draft(ready, **changes), by=MINA, now=NOW)
        with pytest.raises(Refusal):
            actions.propose(drawn, by=MINA, now=NOW)
        line = PlanLine.objects.filter(plan=drawn, post=post).select_related("plan").get()
        for role, reason in (("media", REASON), ("viewer", REASON), ("manager", "  ")):
            with pytest.raises(Refusal):
                actions.override_line(line, reason=reason, role=role, by=MINA, now=NOW)
        states = set(Launch.objects.values_list("state", flat=True))
        assert states == {"refused"}
        assert not Command.objects.exists()

        launch = plan_launch(plan, by=MINA, now=NOW, override=Override(REASON, "manager"))
        assert (launch.state, launch.override_reason) == ("creating", REASON)
        told = Event.objects.get(verb="launch.gate_overridden")
        assert (told.actor, told.reason, told.data["role"]) == ("Mina", REASON, "manager")
        assert [one["name"] for one in told.data["checks"]] == launch.overridden
        Launch.objects.update(state="canceled")
        for one in drawn.lines.select_related("plan", "post", "ad_account"):
            actions.override_line(one, reason=REASON, role="owner", by=MINA, now=NOW)
        actions.propose(drawn, by=MINA, now=NOW)
        assert Event.objects.filter(verb="plan.gate_overridden", reason=REASON).count() == 2


def test_what_tiktok_refuses_anyway_cannot_be_overridden(cast: Cast, ready: Ready) -> None:
    with client_scope(cast.client.pk):
        Post.objects.update(availability="deleted")
        [post, *_] = Post.objects.order_by("pk")
        plan = LaunchPlan(
            post=post, ad_account=ready.account, objective="VIDEO_VIEWS",
            daily_budget=Decimal("60.00"), starts_at=NOW + timedelta(hours=1),
            ends_at=NOW + timedelta(days=7),
        )  # fmt: skip
        launch = plan_launch(plan, by=MINA, now=NOW, override=Override(REASON, "owner"))
        assert launch.state == "refused"
        drawn = actions.make_plan(draft(ready), by=MINA, now=NOW)
        line = drawn.lines.select_related("plan", "post", "ad_account").first()
        assert line is not None
        with pytest.raises(Refusal, match="was deleted"):
            actions.override_line(line, reason=REASON, role="owner", by=MINA, now=NOW)


def test_a_manager_launches_against_the_checks_from_the_page_with_a_reason(
    cast: Cast, ready: Ready
) -> None:
    with client_scope(cast.client.pk):
        actions.set_limit("USD", max_daily=Decimal(50), max_total=None, by=MINA, now=NOW)
    url = f"{HERE}posts/{ready.posts[0].pk}/launch/"
    assert "Launch anyway" not in text_of(as_role(cast, "media").get(url + "?daily_budget=60"))
    browser = as_role(cast, "manager")
    assert "Launch anyway" in text_of(browser.get(url + "?daily_budget=60"))
    asked = {
        "ad_account": ready.account.pk, "objective": "VIDEO_VIEWS", "daily_budget": "60.00",
        "starts_at": "2026-09-10T12:00", "ends_at": "2026-09-17T12:00", "override_reason": REASON,
    }  # fmt: skip
    answer = browser.post(url, asked)
    assert answer.status_code == 302
    assert REASON in text_of(browser.get(answer.headers["Location"]))
    with client_scope(cast.client.pk):
        assert Event.objects.get(verb="launch.gate_overridden").data["role"] == "manager"
