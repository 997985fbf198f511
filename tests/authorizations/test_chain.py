"""One chain per post: extensions, new codes, losses, codes of other posts (AR1, AR4, AR5, N1)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from authorizations.actions.hand_in import hand_in_codes, import_authorization, take_code
from authorizations.actions.reading import note_missing
from authorizations.actions.renewal import request_renewal
from authorizations.models import Authorization, Redemption, Transition
from authorizations.queries import chain_of, cover_of
from authorizations.rules.cover import Verdict
from authorizations.rules.states import MOVES, State
from sparkops.audit.record import Actor
from sparkops.catalog.models import AdAccount
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import CODE, NOW, OTHER_CODE

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
SOON = NOW + timedelta(days=10)
LATER = NOW + timedelta(days=70)


@pytest.fixture(autouse=True)
def scope(cast: Cast) -> Any:
    with client_scope(cast.client.pk):
        yield


def chain() -> list[tuple[int, str, datetime | None]]:
    """Generations with state and end, the oldest first."""
    return [(row.generation, row.state, row.ends_at) for row in reversed(chain_of(newest()))]


def newest() -> Authorization:
    return Authorization.objects.order_by("-generation", "-pk")[0]


def test_ar5_an_extension_keeps_one_chain() -> None:
    """AR5, N1: the same code with a later end is the next generation; the old row stays."""
    post = rights.post()
    rights.authorized(post, ends_at=SOON)
    rights.authorized(post, ends_at=LATER)
    assert chain() == [(1, "renewed", SOON), (2, "verified", LATER)]
    assert newest().previous.generation == 1
    assert newest().redemptions.get().state == "redeemed"


def test_ar5_a_new_code_keeps_one_chain() -> None:
    post = rights.post()
    rights.authorized(post, ends_at=SOON)
    rights.authorized(post, ends_at=LATER, code=OTHER_CODE)
    assert chain() == [(1, "renewed", SOON), (2, "verified", LATER)]
    assert newest().code_mask == "#Zy••••E="


@pytest.mark.parametrize("code", [CODE, OTHER_CODE], ids=["extension", "new code"])
def test_ar5_a_renewal_that_was_asked_for_closes_its_request(code: str) -> None:
    post = rights.post()
    row = rights.authorized(post, ends_at=SOON)
    request = request_renewal(row, by=MINA, now=NOW)
    assert request_renewal(row, by=MINA, now=NOW).pk == request.pk
    assert [state for _, state, _ in chain()] == ["expiring", "requested"] or [
        state for _, state, _ in chain()
    ] == ["verified", "requested"]
    rights.authorized(post, ends_at=LATER, code=code)
    assert [state for _, state, _ in chain()] == ["renewed", "superseded", "verified"]


def test_reading_the_same_page_twice_changes_nothing() -> None:
    post = rights.post()
    rights.authorized(post, ends_at=SOON)
    moves = Transition.objects.count()
    rights.read(rights.listed(post, ends_at=SOON), now=NOW + timedelta(minutes=10))
    assert Transition.objects.count() == moves
    assert chain() == [(1, "verified", SOON)]
    assert Redemption.objects.get().listed_at == NOW + timedelta(minutes=10)


def test_a_page_that_says_what_is_known_costs_the_same_for_any_number_of_posts(
    django_assert_num_queries: Any,
) -> None:
    account = rights.ad_account()
    page = [
        rights.listed(
            rights.post(f"75000000000000000{n:02}", f"maker{n}"), code=f"#{n:02}{CODE[3:]}"
        )
        for n in range(12)
    ]
    rights.read(*page)
    with django_assert_num_queries(3):
        rights.read(*page, account=account, now=NOW + timedelta(minutes=10))


def test_a_shorter_code_of_a_post_does_not_take_over() -> None:
    """Two ad accounts may hold two codes of one post; the one that lasts longer counts."""
    post = rights.post()
    rights.authorized(post, ends_at=LATER)
    other = rights.ad_account("7000000000000000002")
    short = rights.listed(post, code=OTHER_CODE, ends_at=SOON)
    rights.read(short, account=other)
    rights.read(short, account=other)
    assert chain() == [(1, "verified", LATER), (2, "superseded", SOON)]
    assert Authorization.objects.get(state="verified").ends_at == LATER


def test_ta1_a_code_of_another_post_is_refused_with_its_own_sentence() -> None:
    """TA1: handed in for one post, listed by TikTok for another: both are told apart."""
    wanted, actual = rights.post(), rights.post("7500000000000000002", "bo")
    row, _ = take_code(
        CODE, source="paste", by=MINA, now=NOW, post_id=wanted.pk, creator_id=wanted.creator_id
    )
    rights.read(rights.listed(actual))
    row.refresh_from_db()
    assert (row.state, row.problem_code) == ("rejected", "other_post")
    assert actual.item_id in row.problem
    assert row.next_action
    kept = Authorization.objects.get(post=actual)
    assert kept.state == "verified"
    assert kept.code_fingerprint


def test_a_handed_in_code_joins_the_chain_of_its_post() -> None:
    post = rights.post()
    rights.authorized(post, ends_at=SOON)
    handed, _ = take_code(OTHER_CODE, source="paste", by=MINA, now=NOW)
    rights.read(rights.listed(post, code=OTHER_CODE, ends_at=LATER))
    assert chain() == [(1, "renewed", SOON), (2, "verified", LATER)]
    assert newest().pk == handed.pk


def test_an_expired_code_that_is_handed_in_leaves_the_working_one_alone() -> None:
    post = rights.post()
    rights.authorized(post, ends_at=LATER)
    take_code(OTHER_CODE, source="paste", by=MINA, now=NOW)
    rights.read(
        rights.listed(post, code=OTHER_CODE, ends_at=NOW - timedelta(days=1), word="EXPIRED"),
        account=rights.ad_account("7000000000000000002"),
    )
    assert [state for _, state, _ in chain()] == ["verified", "expired"]


@pytest.mark.parametrize(
    ("change", "state", "problem"),
    [
        ({"word": "UNAUTHORIZED"}, "revoked", "not_authorized"),
        ({"word": "EXPIRED"}, "expired", "expired"),
        ({"post_word": "USER_DELETE"}, "post_unavailable", "post_deleted"),
        ({"post_word": "ONLY_AUTHOR_SEE"}, "post_unavailable", "post_private"),
        ({"post_word": "AUDIT_DELETE"}, "post_unavailable", "post_removed"),
    ],
)
def test_a_lost_permission_says_why_and_who_acts(
    change: dict[str, str], state: str, problem: str
) -> None:
    post = rights.post()
    row = rights.authorized(post, ends_at=LATER)
    rights.read(rights.listed(post, ends_at=LATER, **change))
    row.refresh_from_db()
    assert (row.state, row.problem_code) == (state, problem)
    assert row.problem
    assert row.next_action


def test_an_unknown_word_of_tiktok_is_kept_and_shown() -> None:
    post = rights.post()
    row = rights.authorized(post, ends_at=LATER)
    rights.read(rights.listed(post, ends_at=LATER, word="PAUSED_BY_MOON"))
    row.refresh_from_db()
    assert "PAUSED_BY_MOON" in row.problem
    assert row.redemptions.get().status_word == "PAUSED_BY_MOON"


def test_a_permission_given_again_is_a_new_generation() -> None:
    post = rights.post()
    rights.authorized(post, ends_at=LATER)
    rights.read(rights.listed(post, ends_at=LATER, word="UNAUTHORIZED"))
    rights.read(rights.listed(post, ends_at=LATER))
    assert [state for _, state, _ in chain()] == ["superseded", "verified"]


def test_a_private_post_that_is_public_again_works_again() -> None:
    post = rights.post()
    rights.authorized(post, ends_at=LATER)
    rights.read(rights.listed(post, ends_at=LATER, post_word="ONLY_AUTHOR_SEE"))
    rights.read(rights.listed(post, ends_at=LATER))
    assert chain() == [(1, "verified", LATER)]


def test_what_two_readings_do_not_list_is_gone() -> None:
    """A row missed once may have slipped between two pages; missed twice it was removed."""
    post = rights.post()
    row = rights.authorized(post, ends_at=LATER)
    account = rights.ad_account()
    first = NOW + timedelta(minutes=10)
    assert note_missing(account, since=NOW, now=first) == 0
    assert note_missing(account, since=first, now=first + timedelta(minutes=10)) == 1
    row.refresh_from_db()
    assert (row.state, row.problem_code) == ("revoked", "not_listed")
    assert row.redemptions.get().state == "unbound"


def test_ta3_one_account_that_loses_the_post_does_not_end_it_for_the_other() -> None:
    """TA3: redemptions of one post in two ad accounts are independent."""
    post = rights.post()
    row = rights.authorized(post, ends_at=LATER)
    other = rights.ad_account("7000000000000000002")
    later = NOW + timedelta(minutes=10)
    rights.read(rights.listed(post, ends_at=LATER), account=other, now=later)
    note_missing(rights.ad_account(), since=later, now=later)
    row.refresh_from_db()
    assert row.state == "verified"
    assert sorted(row.redemptions.values_list("state", flat=True)) == ["redeemed", "unbound"]


def test_ta3_a_full_ad_account_redeems_no_further_code_and_says_so(settings: Any) -> None:
    """TA3: with a limit of 2, an account that holds 2 Spark Ads is refused, the other is asked;
    once an ad is deleted the refused one can be tried again."""
    settings.SPARK_ADS_PER_ACCOUNT = 2
    full, other = rights.ad_account(), rights.ad_account("7000000000000000002")
    AdAccount.objects.filter(pk=full.pk).update(spark_ads=2)
    full.refresh_from_db()

    (line,) = hand_in_codes(CODE, ad_accounts=[full, other], by=MINA, now=NOW)
    assert line.sentence == (
        "Taken; TikTok is asked for 1 ad account. "
        "Not for Account 01: TikTok's limit of Spark Ads is reached."
    )
    refused, asked = Redemption.objects.order_by("ad_account")
    assert (refused.state, refused.problem_code) == ("refused", "account_full")
    assert refused.problem.startswith("The ad account has reached TikTok's limit of 2 Spark Ads.")
    assert asked.state == "waiting"
    assert [one.payload for one in Command.objects.all()] == [{"redemption": asked.pk}]

    AdAccount.objects.filter(pk=full.pk).update(spark_ads=1)
    full.refresh_from_db()
    (line,) = hand_in_codes(CODE, ad_accounts=[full], by=MINA, now=NOW + timedelta(hours=1))
    assert line.sentence == "Known from before; TikTok is asked for 1 ad account."
    assert Command.objects.count() == 2


def test_ta3_what_works_in_a_full_account_stays_redeemed(settings: Any) -> None:
    """TA3: the limit forbids new ads, not the permission that is there."""
    settings.SPARK_ADS_PER_ACCOUNT = 2
    row = rights.authorized(ends_at=LATER)
    account = rights.ad_account()
    AdAccount.objects.filter(pk=account.pk).update(spark_ads=2)
    account.refresh_from_db()
    (line,) = hand_in_codes(CODE, ad_accounts=[account], by=MINA, now=NOW)
    assert line.sentence == "This code is already in use in these ad accounts."
    assert row.redemptions.get().state == "redeemed"


def test_ar4_the_end_that_was_stated_is_kept_beside_tiktok_s() -> None:
    """AR4: the API's end counts; a disagreement stays visible."""
    post = rights.post()
    stated = NOW + timedelta(days=90)
    row, is_new = import_authorization(
        post_id=post.pk,
        creator_id=post.creator_id,
        code=CODE,
        stated_ends_at=stated,
        by=MINA,
        now=NOW,
    )
    assert is_new
    assert (row.state, row.end_source, row.ends_at) == ("submitted", "creator_stated", None)
    rights.read(rights.listed(post, ends_at=LATER))
    row.refresh_from_db()
    assert (row.ends_at, row.end_source, row.stated_ends_at) == (LATER, "api", stated)


def test_ar4_an_unknown_end_is_unverified_and_cannot_launch() -> None:
    post = rights.post()
    take_code(CODE, source="paste", by=MINA, now=NOW, post_id=post.pk)
    rights.read(rights.listed(post, ends_at=None))
    row = Authorization.objects.get()
    assert (row.state, row.end_source) == ("submitted", "unknown")
    found = cover_of([post.pk], NOW, NOW + timedelta(days=1))[post.pk]
    assert found.verdict is Verdict.UNVERIFIED
    assert not found.covered


def test_ar1_every_recorded_move_is_one_of_the_listed_ones() -> None:
    """AR1: only listed transitions; each with actor, time and reason."""
    post = rights.post()
    row = rights.authorized(post, ends_at=SOON)
    request_renewal(row, by=MINA, now=NOW)
    rights.authorized(post, ends_at=LATER)
    rights.read(rights.listed(post, ends_at=LATER, word="UNAUTHORIZED"))
    rights.read(rights.listed(post, ends_at=LATER))
    moves = list(Transition.objects.exclude(before=""))
    assert len(moves) >= 6
    for one in moves:
        assert State(one.after) in MOVES[State(one.before)]
        assert one.actor
        assert one.reason
        assert one.at == NOW
    assert Transition.objects.get(after="requested").actor == "Mina"


def test_a_sheet_without_a_code_becomes_a_draft_that_the_code_fills() -> None:
    post = rights.post()
    draft, _ = import_authorization(
        post_id=post.pk, creator_id=post.creator_id, code="", stated_ends_at=SOON, by=MINA, now=NOW
    )
    again, is_new = import_authorization(
        post_id=post.pk, creator_id=post.creator_id, code="", by=MINA, now=NOW
    )
    assert (again.pk, is_new, draft.state) == (draft.pk, False, "draft")
    rights.read(rights.listed(post, ends_at=LATER))
    assert [state for _, state, _ in chain()] == ["superseded", "verified"]
    assert newest().stated_ends_at == SOON


def test_a_refused_code_that_is_handed_in_again_is_asked_again() -> None:
    account = rights.ad_account()
    hand_in_codes(CODE, ad_accounts=[account], by=MINA, now=NOW)
    hand_in_codes(CODE, ad_accounts=[account], by=MINA, now=NOW + timedelta(minutes=1))
    assert Command.objects.count() == 1
    Redemption.objects.update(state="refused")
    [line] = hand_in_codes(CODE, ad_accounts=[account], by=MINA, now=NOW + timedelta(minutes=2))
    assert line.result == "known"
    assert Command.objects.count() == 2
    assert Redemption.objects.get().state == "waiting"
