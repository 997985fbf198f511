"""The funnel and changed invitations, against counts by hand (AB10, AB11)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.models import Collaboration, Creator
from sparkops.catalog.models import Shop, Sku, UnitCost
from sparkops.isolation.scope import client_scope
from sparkops.outreach.models import Invitation, Recipient, Reply
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_post, make_product, make_sample
from tests.sparkops.outreach import reaching

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW + 20 * DAY, tick=False)


def browse(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"outreach:{name}", kwargs={"client": "glow", **kwargs})


def fixture() -> None:
    """Six creators were contacted on NOW by "Autumn", two of them a day later by "Winter" too.

    maker0 answered, got a sample for 4.00 and sold; maker1 got one for 4.00 and posted without an
    order; maker2 got one of a product without cost; maker3 asked for one in vain; maker4 answered
    only; maker5 did all of it, but before the contact.
    """
    product, bare = make_product("Dew Serum"), make_product("Bare")
    small = Sku.objects.create(product=product, sku_id="1")
    large = Sku.objects.create(product=product, sku_id="2")
    for sku, amount in ((small, "3.00"), (large, "4.00"), (large, "9.00")):
        UnitCost.objects.create(
            sku=sku, amount=Decimal(amount), currency="USD", created_at=NOW, source="test",
            effective_from=(NOW + 10 * DAY if amount == "9.00" else NOW - DAY).date(),
        )  # fmt: skip
    people = reaching.people(6, now=NOW)
    segment = reaching.everyone(now=NOW)
    autumn = reaching.started(segment, now=NOW)
    winter = reaching.started(segment, now=NOW, name="Winter")
    Recipient.objects.filter(outreach=autumn).update(state="sent", sent_at=NOW)
    Recipient.objects.filter(outreach=winter, creator__in=people[:2]).update(
        state="sent", sent_at=NOW + DAY
    )
    for number, at in ((0, NOW + DAY / 2), (4, NOW + DAY), (5, NOW - DAY)):
        Reply.objects.create(
            creator=people[number], conversation_id="c", message_id=f"m{number}", sent_at=at
        )
    for number, state, at, of in (
        (0, "posted", NOW + 2 * DAY, product),
        (1, "ghosted", NOW + 2 * DAY, product),
        (2, "shipped", NOW + 2 * DAY, bare),
        (3, "rejected", NOW + 2 * DAY, product),
        (5, "posted", NOW - 2 * DAY, product),
    ):
        sample = make_sample(people[number], state, product=of)
        sample.first_seen_at = at
        sample.save()
    make_post("maker0", NOW + 5 * DAY, product=product, orders=3)
    make_post("maker1", NOW + 5 * DAY, product=product)
    make_post("maker4", NOW + 5 * DAY, orders=9)
    make_post("maker5", NOW - DAY, product=product, orders=9)


def cells(line: str) -> list[str]:
    return line.split(",")


def test_ab10_the_funnel_equals_the_count_by_hand(cast: Cast) -> None:
    """AB10: 6 contacted, 2 replied (maker0, maker4), 4 accepted (0 to 3), 3 sampled (0, 1, 2),
    2 posted (0, 1), 1 sold; 8.00 of samples over 2 activated creators is 4.00 each."""
    with client_scope(cast.client.pk):
        fixture()
    browser = browse(cast)
    sheet = browser.get(url("funnel"), {"export": "csv"}).content.decode("utf-8-sig")
    header, autumn, winter, everything = sheet.strip().split("\r\n")
    assert cells(header)[1:7] == [
        "Contacted", "Replied", "Accepted", "Sampled", "Posted", "Sold",
    ]  # fmt: skip
    assert cells(autumn)[:7] == ["Autumn", "6", "2", "4", "3", "2", "1"]
    assert [Decimal(cells(autumn)[7]), *cells(autumn)[8:10]] == [Decimal("8.00"), "USD", "1"]
    # maker0 answered "Autumn" before "Winter" wrote.
    assert cells(winter)[:7] == ["Winter", "2", "0", "2", "2", "2", "1"]
    # On the page the same: 8.00 over two activated, and shares of the contacted.
    named = dict(zip(cells(header), cells(everything), strict=True))
    assert named["Outreach"] == "All outreach"
    assert Decimal(named["Cost per activated"]) == Decimal("4.00")
    assert Decimal(named["Posted share"]) == Decimal(2) / 6
    page = browser.get(url("funnel")).content.decode()
    assert "66.7%" in page  # 4 of 6
    assert "$4.00" in page
    assert "1 sample without a known cost left out" in page


def test_ab10_by_owner_a_creator_counts_once_and_days_bound_it(cast: Cast) -> None:
    """AB10: the same owner wrote to two creators twice; a period takes the contacts of its days."""
    with client_scope(cast.client.pk):
        fixture()
    browser = browse(cast)

    def rows(**query: str) -> list[str]:
        answer = browser.get(url("funnel"), {"export": "csv", **query})
        return answer.content.decode("utf-8-sig").strip().split("\r\n")[1:-1]

    [mina] = rows(by="owner")
    assert cells(mina)[:3] == ["Mina", "6", "2"]
    [everyone] = rows(by="segment")
    assert cells(everyone)[:3] == ["Everyone", "6", "2"]
    [winter] = rows(since="2026-11-21", until="2026-11-21")
    assert cells(winter)[:2] == ["Winter", "2"]
    assert rows(since="2026-11-22") == []
    wrong = browser.get(url("funnel"), {"since": "2026-11-22", "until": "2026-11-21"})
    assert wrong.status_code == 422


def test_ab10_a_period_stands_beside_as_many_days_before(cast: Cast) -> None:
    """AB10: "Winter" wrote to two on 21 November, "Autumn" to six the day before; both stand on the
    page and in the file, and a comparison without its days is refused with a sentence."""
    with client_scope(cast.client.pk):
        fixture()
    browser = browse(cast)
    days = {"since": "2026-11-21", "until": "2026-11-21", "compare": "on"}
    page = browser.get(url("funnel"), days)
    assert page.status_code == 200
    assert "contacted from Nov 20, 2026 to Nov 20, 2026" in page.content.decode()
    [label] = [one for one in page.context["whole"] if one["label"] == "Contacted"]
    assert (label["count"], label["before"]) == ("2", "6")
    sheet = browser.get(url("funnel"), {**days, "export": "csv"}).content.decode("utf-8-sig")
    header, *rows = [cells(line) for line in sheet.strip().split("\r\n")]
    found = {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows}
    assert list(found) == ["Winter", "Autumn", "All outreach"]
    assert (found["Winter"]["Contacted"], found["Winter"]["Contacted before"]) == ("2", "0")
    assert (found["Autumn"]["Contacted"], found["Autumn"]["Replied before"]) == ("0", "2")
    assert found["All outreach"]["Posted before"] == "2"
    shown = [
        (line.name, [(one["count"], one["before"]) for one in stages])
        for line, stages, _ in page.context["lines"]
    ]
    assert shown == [
        (
            name,
            [(found[name][one], found[name][f"{one} before"]) for one in header[1:7]],
        )
        for name in ("Winter", "Autumn")
    ]
    refused = browser.get(url("funnel"), {"compare": "on"})
    assert refused.status_code == 422
    assert "choose both days" in refused.content.decode()


def test_ab10_a_sample_asked_for_before_the_contact_is_not_its_merit(cast: Cast) -> None:
    """AB10: read long after, TikTok's limit of seven days tells when it was asked for."""
    with client_scope(cast.client.pk):
        early, late = reaching.people(2, now=NOW)
        found = reaching.started(reaching.everyone(now=NOW), now=NOW)
        Recipient.objects.filter(outreach=found).update(state="sent", sent_at=NOW)
        for creator, limit in ((early, NOW + 6 * DAY), (late, NOW + 9 * DAY)):
            sample = make_sample(creator, "shipped", approve_by=limit)
            sample.first_seen_at = NOW + 15 * DAY
            sample.save()
    page = browse(cast).get(url("funnel"))
    counts = {one["label"]: one["count"] for one in page.context["whole"]}
    assert (counts["Accepted"], counts["Sampled"]) == ("1", "1")


def test_ab10_who_may_not_export_gets_no_file(cast: Cast) -> None:
    viewer = browse(cast, "viewer")
    assert viewer.get(url("funnel")).status_code == 200
    assert viewer.get(url("funnel"), {"export": "csv"}).status_code == 403


def test_the_funnel_reads_the_same_number_of_statements_for_any_number(cast: Cast) -> None:
    browser = browse(cast)
    with client_scope(cast.client.pk):
        fixture()
    browser.get(url("funnel"))
    with CaptureQueriesContext(connection) as few:
        browser.get(url("funnel"))
    with client_scope(cast.client.pk):
        for number in range(10):
            creator = Creator.objects.create(handle=f"more{number}", source="test", created_at=NOW)
            make_sample(creator, "posted")
        Recipient.objects.update(state="sent", sent_at=NOW)
        again = reaching.started(reaching.everyone("More", now=NOW), now=NOW, name="More")
        Recipient.objects.filter(outreach=again).update(state="sent", sent_at=NOW)
    with CaptureQueriesContext(connection) as many:
        browser.get(url("funnel"))
    assert len(many) == len(few)


def test_ab11_an_invitation_that_was_edited_in_tiktok_shows_its_difference(cast: Cast) -> None:
    """AB11: re-read with another commission and end: "changed outside SparkOps" with both values;
    the one that is as sent does not show."""
    with client_scope(cast.client.pk):
        product = make_product()
        reaching.people(2, now=NOW)
        found = reaching.started(
            reaching.everyone(now=NOW), now=NOW, channel="target", body="Hello",
            products=[product], rate=Decimal("0.15"), contact_email="hi@glow.example",
        )  # fmt: skip
        end = datetime(2026, 12, 20, 8, tzinfo=UTC)  # midnight in Los Angeles
        for number, rate, ends_at in ((1, "0.15", end), (2, "0.12", end + DAY)):
            Invitation.objects.create(
                outreach=found, number=number, collaboration_id=f"7{number}", created_at=NOW
            )
            Collaboration.objects.create(
                shop=Shop.objects.get(), kind="target", collaboration_id=f"7{number}",
                name=f"Autumn · {number}", status="VALID", standard_rate=Decimal(rate),
                starts_at=NOW, ends_at=ends_at,
            )  # fmt: skip
    page = browse(cast).get(url("outreach", pk=found.pk)).content.decode()
    assert "Changed outside SparkOps" in page
    assert "Autumn · 2" in page
    assert "Autumn · 1" not in page
    assert "15.0%" in page
    assert "12.0%" in page
