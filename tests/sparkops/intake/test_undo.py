"""Undo takes back what nobody used, and says why it kept the rest."""

import pytest

from authorizations.models import Authorization, Redemption, Transition
from creators.actions.creators import edit_creator
from creators.models import Creator, Post, PostDay
from profit.models import CreatorFee
from sparkops.audit.models import Event
from sparkops.errors import Refusal
from sparkops.intake.actions.checking import choose_mapping, preview
from sparkops.intake.actions.start import choose_sheet, discard, start_pasted
from sparkops.intake.actions.undoing import start_undo
from sparkops.intake.models import Import, Touch
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.factories.cast import Cast
from tests.sparkops.intake.bringing import (
    BY,
    NOW,
    TODAY,
    bring,
    check,
    choices,
    domain,
    make_ad_account,
    make_shop,
    may_all,
    take_back,
)
from tests.sparkops.intake.tracker300 import code, item_id

ROW = f"Creator\tVideo\tSpark code\tFee\n@maya\t{item_id(1)}\t{code(1)}\t100 USD\n"


def kept(batch: Import) -> dict[str, str]:
    """What was kept and why, by label."""
    return dict(
        Touch.objects.filter(row__batch=batch).exclude(kept="").values_list("label", "kept")
    )


@pytest.mark.django_db
def test_codes_that_wait_are_canceled_with_the_undo(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        account, shop = make_ad_account(), make_shop()
        before = domain()
        batch = bring(ROW, choices(ad_accounts=(account.pk,), shop=shop.pk))
        assert Transition.objects.count() == 1
        take_back(batch)
        assert domain() == before
        assert set(Command.objects.values_list("state", flat=True)) == {"canceled"}
        # History is not lost: the log still tells of the code.
        verbs = set(Event.objects.values_list("verb", flat=True))
        assert {"authorization.submitted", "authorization.taken_back"} <= verbs


@pytest.mark.django_db
def test_a_redeemed_code_stays_with_everything_it_stands_on(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        account, shop = make_ad_account(), make_shop()
        batch = bring(ROW, choices(ad_accounts=(account.pk,), shop=shop.pk))
        Redemption.objects.update(state="redeemed")
        batch = take_back(batch)
        assert not CreatorFee.objects.exists()
        assert Authorization.objects.count() == Post.objects.count() == Creator.objects.count() == 1
        reasons = kept(batch)
        assert len(reasons) == 3
        assert "is redeemed in an ad account" in " ".join(reasons.values())
        assert reasons["@maya"] == "@maya is in use: it has posts, authorizations." or (
            reasons["@maya"] == "@maya is in use: it has authorizations, posts."
        )
        assert batch.counts["kept"] == 3
        assert batch.counts["taken_back"] == 1


@pytest.mark.django_db
def test_what_somebody_changed_or_measured_stays(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        batch = bring(f"Creator\tVideo\n@maya\t\n@zoe\t{item_id(2)}\n@ben\t{item_id(3)}\n")
        maya = Creator.objects.get(handle="maya")
        edit_creator(maya, email="m@example.com", notes="", timezone="", by=BY, now=NOW)
        PostDay.objects.create(
            post=Post.objects.get(item_id=item_id(2)), day=TODAY, observed_at=NOW
        )
        batch = take_back(batch)
        reasons = kept(batch)
        assert set(reasons) == {"@maya", "@zoe", item_id(2)}
        assert reasons["@maya"] == "@maya was changed since: email."
        assert reasons[item_id(2)] == f"{item_id(2)} is in use: it has post days."
        assert not Creator.objects.filter(handle="ben").exists()


@pytest.mark.django_db
def test_changes_get_their_old_value_unless_they_were_changed_again(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        for handle in ("maya", "zoe"):
            Creator.objects.create(handle=handle, notes="old", source="sync", created_at=NOW)
        batch = bring("Creator\tNotes\n@maya\tnew\n@zoe\tnew\n")
        assert set(Creator.objects.values_list("notes", flat=True)) == {"old\nnew"}
        zoe = Creator.objects.get(handle="zoe")
        edit_creator(zoe, email="", notes="mine", timezone="", by=BY, now=NOW)
        batch = take_back(batch)
        assert dict(Creator.objects.values_list("handle", "notes")) == {
            "maya": "old",
            "zoe": "mine",
        }
        assert kept(batch) == {"@zoe": "@zoe was changed again since."}


@pytest.mark.django_db
def test_a_later_import_that_only_met_the_rows_does_not_hold_them(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        before, first = domain(), bring(f"Creator\tSpark code\n@maya\t{code(1)}\n@zoe\t\n")
        second = bring(f"Creator\tSpark code\n@maya\t{code(1)}\n@zoe\t\n")
        assert second.counts["unchanged"] == 2
        take_back(first)
        assert domain() == before
        assert set(Touch.objects.filter(row__batch=second).values_list("creator", flat=True)) == {
            None
        }


@pytest.mark.django_db
def test_only_an_import_that_ran_can_be_undone_and_only_one_that_did_not_discarded(
    cast: Cast,
) -> None:
    with client_scope(cast.client.pk):
        batch = check(start_pasted("Creator\tVibe\n@maya\tx\n@zoe\ty\n", by=BY, now=NOW))
        with pytest.raises(Refusal, match="ready to import"):
            start_undo(batch, may=may_all, by=BY, now=NOW)
        discard(batch, by=BY, now=NOW)
        assert not Import.objects.exists()
        ran = bring("Creator\tVibe\n@maya\tx\n@zoe\ty\n")
        for late in (
            lambda: discard(ran, by=BY, now=NOW),
            lambda: preview(ran),
            lambda: choose_sheet(ran, "x", by=BY, now=NOW),
            lambda: choose_mapping(ran, [], choices(), may=may_all, by=BY, now=NOW),
        ):
            with pytest.raises(Refusal) as refusal:
                late()
            assert refusal.value.code == "import_ran"
        take_back(ran)
        with pytest.raises(Refusal, match="undone"):
            start_undo(ran, may=may_all, by=BY, now=NOW)
