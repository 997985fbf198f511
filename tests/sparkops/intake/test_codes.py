"""N19: codes from a chat, a column or a file, each line with its own result and retry."""

import pytest

from authorizations.actions.codes import open_code
from authorizations.models import Authorization, Redemption
from sparkops.catalog.models import Shop
from sparkops.errors import Refusal
from sparkops.intake.actions.running import retry_refused, run_batch, start_run
from sparkops.intake.actions.start import start_pasted
from sparkops.intake.models import Import
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.factories.cast import Cast
from tests.sparkops.intake.bringing import (
    BY,
    NOW,
    bring,
    check,
    choices,
    domain,
    make_ad_account,
    make_shop,
    may_all,
    remarks,
    results,
    take_back,
)
from tests.sparkops.intake.tracker300 import code, item_id

CHAT = f"""[10/02/2026, 14:03] Maya: hi! here is the code
[10/02/2026, 14:03] Maya: {code(1)}
[10/02/2026, 14:05] You: thanks, and for the other one?
[10/02/2026, 14:09] Maya: https://www.tiktok.com/@maya/video/{item_id(2)} {code(2)[1:]}
[10/02/2026, 14:10] Maya: {code(1)} again to be sure
"""


@pytest.mark.django_db
def test_n19_a_chat_gives_its_codes(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        account = make_ad_account()
        batch = bring(CHAT, choices(ad_accounts=(account.pk,)))
        assert {number: one[0] for number, one in results(batch).items()} == {
            1: "skipped",
            2: "created",
            3: "skipped",
            4: "created",
            5: "skipped",
        }
        assert results(batch)[5][1] == "It repeats row 2."
        assert {open_code(one) for one in Authorization.objects.all()} == {code(1), code(2)}
        bound = Authorization.objects.get(post__item_id=item_id(2))
        assert bound.creator is not None and bound.creator.handle == "maya"
        # Each code is asked for in the chosen account, once.
        assert Redemption.objects.filter(ad_account=account, state="waiting").count() == 2
        assert Command.objects.filter(state="waiting").count() == 2


@pytest.mark.django_db
def test_n19_a_column_of_codes(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        batch = bring("\n".join([code(1), code(2)[1:], code(1), "#short", code(3)]))
        shown = results(batch)
        assert [shown[number][0] for number in range(1, 6)] == [
            "created", "created", "skipped", "refused", "created",
        ]  # fmt: skip
        assert "part of it is missing" in shown[4][1] or "no code" in shown[4][1]
        assert Authorization.objects.count() == 3
        assert not Redemption.objects.exists()


@pytest.mark.django_db
def test_n19_a_known_code_is_not_handed_in_twice(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        bring(f"{code(1)}\n{code(2)}")
        before = domain()
        again = bring(f"{code(2)}\n{code(1)}")
        assert domain() == before
        assert remarks(again, 1) == ["code_known"]
        assert again.counts["unchanged"] == 2


@pytest.mark.django_db
def test_n19_a_row_that_was_refused_is_tried_again(cast: Cast) -> None:
    """A code stands in another creator's row; once that row is undone, it is taken."""
    header = "Creator\tSpark code\n"
    with client_scope(cast.client.pk):
        wrong = bring(f"{header}@wrong.one\t{code(1)}\n@right.one\t\n")
        right = bring(f"{header}@right.one\t{code(1)}\n@right.one\t{code(2)}\n")
        assert results(right)[2] == ("unchanged", "Nothing new could be taken from it.")
        assert remarks(right, 2) == ["code_of_another"]
        take_back(wrong)
        retry_refused(right, may=may_all, by=BY, now=NOW)
        assert run_batch(right.pk, now=NOW) is False
        assert [one[0] for one in results(right).values()] == ["created", "created"]
        assert remarks(right, 2) == []
        with pytest.raises(Refusal) as none:
            retry_refused(right, may=may_all, by=BY, now=NOW)
        assert none.value.code == "none_refused"


@pytest.mark.django_db
def test_n19_a_row_that_an_app_refused_is_tried_again(cast: Cast) -> None:
    """The shop of the fees goes away between check and run."""
    with client_scope(cast.client.pk):
        shop = make_shop()
        batch = start_pasted("Creator\tFee\n@a.one\t10 USD\n@b.two\t", by=BY, now=NOW)
        check(batch, choices(shop=shop.pk))
        Shop.objects.all().delete()
        start_run(batch, may=may_all, by=BY, now=NOW)
        assert run_batch(batch.pk, now=NOW) is False
        assert [one[0] for one in results(batch).values()] == ["refused", "created"]
        # Nothing of the refused row stayed behind.
        assert {row["handle"] for row in domain()["Creator"]} == {"b.two"}
        connection = shop.connection
        Shop.objects.create(
            pk=shop.pk, connection=connection, shop_id="7001", cipher="c", name="Glow US",
            market="US", currency="USD", timezone="America/Los_Angeles",
        )  # fmt: skip
        retry_refused(batch, may=may_all, by=BY, now=NOW)
        assert run_batch(batch.pk, now=NOW) is False
        assert [one[0] for one in results(batch).values()] == ["created", "created"]
        assert Import.objects.get(pk=batch.pk).state == "done"
