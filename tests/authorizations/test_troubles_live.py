"""Refused codes, losses, TikTok's faults and the end of a permission, against the live sandbox."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from authorizations.actions.expiry import KIND, flag_expiring
from authorizations.actions.hand_in import hand_in_codes, take_code
from authorizations.actions.removal import ask_to_unbind
from authorizations.inbound import STREAMS
from authorizations.models import Authorization, Redemption
from authorizations.outbound import HANDLERS, ON_REFUSAL
from creators.actions.known import know_posts
from sparkops import clock
from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import AdAccount
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor, Page
from sparkops.landing.streams import pull_due
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
MINA = Actor("Mina", 7)
AUTHORIZE = "/open_api/v1.3/tt_video/authorize/"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG, STREAMS) as cast:
        yield cast


@pytest.fixture
def cast(world: Cast, django_db_blocker: Any) -> Iterator[Cast]:
    with own_transaction(django_db_blocker):
        yield world


def fresh_code(sandbox: SandboxServer, handle: str = "") -> dict[str, Any]:
    """A code of a post that nobody has redeemed, so that each test has its own."""
    brand = sandbox.look("world?brand=lumen")["brands"][0]
    handle = handle or brand["creators_posted"][0]["handle"]
    post = sandbox.do("new_post", handle=handle, caption="glow test")
    return sandbox.do("new_code", item_id=post["item_id"], days=30)


def hand_in(cast: Cast, code: str, accounts: int = 1) -> int:
    with client_scope(cast.client.pk):
        chosen = list(AdAccount.objects.order_by("advertiser_id"))[:accounts]
        [line] = hand_in_codes(code, ad_accounts=chosen, by=MINA, now=clock.now())
        assert line.authorization_id is not None
        return line.authorization_id


def send(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        Command.objects.filter(state="waiting").update(due_at=clock.now())
    drain(cast.client.pk, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


def read(cast: Cast, now: datetime) -> None:
    with client_scope(cast.client.pk):
        Cursor.objects.filter(stream="authorized_posts").update(due_at=now, claimed_until=None)
    pull_due(cast.client.pk, STREAMS[:1], now=lambda: now)


def row_of(cast: Cast, pk: int) -> Authorization:
    return Authorization.objects.select_related("post__creator").get(pk=pk)


def test_ta1_an_expired_code_says_so(cast: Cast, sandbox: SandboxServer) -> None:
    code = fresh_code(sandbox)
    sandbox.do("expire_code", auth_code=code["auth_code"])
    pk = hand_in(cast, code["auth_code"])
    send(cast)
    with client_scope(cast.client.pk):
        row = row_of(cast, pk)
        assert (row.state, row.problem_code) == ("expired", "expired")
        assert row.next_action == "Ask the creator to extend it, or for a new code."


def test_ta1_a_code_of_a_deleted_post_says_so(cast: Cast, sandbox: SandboxServer) -> None:
    code = fresh_code(sandbox)
    sandbox.do("delete_post", item_id=code["item_id"])
    pk = hand_in(cast, code["auth_code"])
    send(cast)
    with client_scope(cast.client.pk):
        row = row_of(cast, pk)
        assert (row.state, row.problem_code) == ("post_unavailable", "post_deleted")


def test_ta1_a_code_for_another_post_says_so(cast: Cast, sandbox: SandboxServer) -> None:
    code = fresh_code(sandbox)
    with client_scope(cast.client.pk):
        ids = know_posts({"7511111111111111111": "somebody"}, now=clock.now(), source="test")
        take_code(
            code["auth_code"],
            source="paste",
            by=MINA,
            now=clock.now(),
            post_id=ids["7511111111111111111"],
        )
    pk = hand_in(cast, code["auth_code"])
    send(cast)
    with client_scope(cast.client.pk):
        row = row_of(cast, pk)
        assert (row.state, row.problem_code) == ("rejected", "other_post")
        assert code["item_id"] in row.problem
        assert Redemption.objects.get(authorization=row).state == "refused"


def test_ta1_a_code_that_was_used_before_works_and_is_no_error(
    cast: Cast, sandbox: SandboxServer
) -> None:
    """Domain 2.4: TikTok refuses it as used, but the list has it: that is success."""
    code = fresh_code(sandbox)
    pk = hand_in(cast, code["auth_code"])
    send(cast)
    with client_scope(cast.client.pk):
        Redemption.objects.filter(authorization_id=pk).update(state="refused")
    assert hand_in(cast, code["auth_code"]) == pk
    send(cast)
    with client_scope(cast.client.pk):
        assert row_of(cast, pk).state == "verified"
        assert Redemption.objects.get(authorization_id=pk).state == "redeemed"


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ("The region of the creator does not match the advertiser.", "region"),
        ("The authorization code has already been used.", "already_used"),
        ("story_video_not_supported", "story"),
        ("mention_multiple_videos", "mentions_many"),
        ("Something that nobody has seen before.", "unknown"),
    ],
)
def test_ta1_every_refusal_is_told_apart(
    cast: Cast, sandbox: SandboxServer, message: str, problem: str
) -> None:
    code = fresh_code(sandbox)
    sandbox.do("faults", kind="code", path=AUTHORIZE, code=40002, message=message)
    pk = hand_in(cast, code["auth_code"])
    send(cast)
    with client_scope(cast.client.pk):
        row = row_of(cast, pk)
        assert row.problem_code == problem
        assert row.next_action
        one = Redemption.objects.get(authorization_id=pk)
        assert one.state == "refused"
        assert message in one.read_back["tiktok_says"]


@pytest.mark.parametrize("fault", ["drop_after", "broken_json", "server_error", "throttle"])
def test_a_fault_of_tiktok_redeems_exactly_once(
    cast: Cast, sandbox: SandboxServer, fault: str
) -> None:
    """Late, broken or refused answers lose nothing and redeem nothing twice."""
    code = fresh_code(sandbox)
    sandbox.do("faults", kind=fault, path=AUTHORIZE)
    pk = hand_in(cast, code["auth_code"])
    for _ in range(4):
        send(cast)
    with client_scope(cast.client.pk):
        row = row_of(cast, pk)
        assert row.state == "verified"
        assert row.post is not None
        assert row.post.item_id == code["item_id"]
        assert Redemption.objects.get(authorization_id=pk).state == "redeemed"
        assert Command.objects.get(kind="authorizations.redeem").state == "done"


def test_ta3_one_code_in_two_ad_accounts(cast: Cast, sandbox: SandboxServer) -> None:
    code = fresh_code(sandbox)
    with client_scope(cast.client.pk):
        count = min(2, AdAccount.objects.count())
    pk = hand_in(cast, code["auth_code"], accounts=count)
    send(cast)
    with client_scope(cast.client.pk):
        states = list(
            Redemption.objects.filter(authorization_id=pk).values_list("state", flat=True)
        )
        assert states == ["redeemed"] * count


def test_ar5_a_code_that_expires_in_the_sandbox_s_clock_is_flagged_and_ends(
    cast: Cast, sandbox: SandboxServer
) -> None:
    """AR5: one alert per step, stopped by an extension, and the next end has its own."""
    start = datetime.fromisoformat(sandbox.look("clock")["now"])
    code = fresh_code(sandbox)
    pk = hand_in(cast, code["auth_code"])
    send(cast)
    end = datetime.fromisoformat(code["ends_at"])

    def alerts() -> int:
        with client_scope(cast.client.pk):
            rows = Authorization.objects.filter(post__item_id=code["item_id"])
            return Alert.objects.filter(kind=KIND, subject_id__in=rows, resolved_at=None).count()

    def at(moment: datetime) -> None:
        sandbox.do("clock", set=moment.isoformat())
        read(cast, moment)
        with client_scope(cast.client.pk):
            flag_expiring(cast.client, now=moment)

    try:
        at(end - timedelta(days=7))
        at(end - timedelta(days=7) + timedelta(minutes=20))
        assert alerts() == 1
        extended = sandbox.do("extend_code", auth_code=code["auth_code"], days=30)
        at(end - timedelta(days=6))
        assert alerts() == 0
        with client_scope(cast.client.pk):
            first, second = Authorization.objects.filter(post__item_id=code["item_id"]).order_by(
                "generation"
            )
            assert (first.pk, first.state) == (pk, "renewed")
            assert second.previous_id == pk
        end = datetime.fromisoformat(extended["ends_at"])
        at(end)
        with client_scope(cast.client.pk):
            second.refresh_from_db()
            assert (second.state, second.ended_at) == ("expired", end)
    finally:
        sandbox.do("clock", set=start.isoformat())


def test_a_removed_post_can_be_handed_in_again(cast: Cast, sandbox: SandboxServer) -> None:
    code = fresh_code(sandbox)
    pk = hand_in(cast, code["auth_code"])
    send(cast)
    with client_scope(cast.client.pk):
        redemption = Redemption.objects.get(authorization_id=pk)
        ask_to_unbind(redemption, by=MINA, now=clock.now())
    send(cast)
    with client_scope(cast.client.pk):
        redemption.refresh_from_db()
        assert redemption.state == "unbound"
        assert row_of(cast, pk).state == "revoked"
    now = clock.now()
    read(cast, now)
    with client_scope(cast.client.pk):
        redemption.refresh_from_db()
        assert redemption.state == "unbound"
    assert hand_in(cast, code["auth_code"]) == pk
    send(cast)
    with client_scope(cast.client.pk):
        newest = Authorization.objects.filter(post__item_id=code["item_id"]).latest("generation")
        assert (newest.state, newest.previous_id) == ("verified", pk)


def test_ar9_codes_are_nowhere_in_the_clear(cast: Cast, sandbox: SandboxServer) -> None:
    """AR9: not in rows, commands, audit, landed pages."""
    code = fresh_code(sandbox)
    hand_in(cast, code["auth_code"])
    send(cast)
    read(cast, clock.now())
    secret = code["auth_code"].strip("#=")
    with client_scope(cast.client.pk):
        for model in (Authorization, Redemption, Command, Event, Page):
            rows = [
                {name: str(value) for name, value in row.items()} for row in model.objects.values()
            ]
            assert secret not in json.dumps(rows)
        sealed = [bytes(row.code) for row in Authorization.objects.exclude(code=None)]
        assert all(secret.encode() not in one for one in sealed)


def test_ta2_each_kind_of_identity_stands_in_the_accounts_that_have_it(
    cast: Cast, sandbox: SandboxServer
) -> None:
    """TA2: own account, Business Center account and video code, each with its ad accounts."""
    with client_scope(cast.client.pk):
        kinds = set(
            Redemption.objects.filter(state="redeemed").values_list("identity_type", flat=True)
        )
        assert {"AUTH_CODE", "TT_USER"} <= kinds
        for one in Redemption.objects.filter(state="redeemed").select_related("authorization"):
            is_account = one.authorization.kind == "account"
            assert (one.identity_type in {"TT_USER", "BC_AUTH_TT"}) is is_account
            assert one.identity_id
