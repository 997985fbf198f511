"""The evidence pack of a post as PDF and JSON (N21)."""

import hashlib
import json
import re
import zlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from authorizations.actions.cases import open_cases
from authorizations.actions.terms import record_terms
from authorizations.actions.watching import Look, note_looks
from authorizations.models import Authorization
from authorizations.rules.watch import Seen
from campaigns.actions import evidence
from campaigns.models import Ad, AdDay, AdGroup, Campaign, EvidencePack
from campaigns.tasks import build_packs
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import CODE, NOW, OTHER_CODE

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
ESCAPES = {b"r": b"\r", b"n": b"\n"}


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, *args: Any) -> str:
    return reverse(f"campaigns:{name}", args=["glow", *args])


def ad_with_days(row: Authorization, ad_id: str, account: Any, spends: dict[date, str]) -> Ad:
    campaign = Campaign.objects.create(
        ad_account=account, campaign_id=f"c{ad_id}", name="Glow", kind="spark", seen_at=NOW
    )
    group = AdGroup.objects.create(
        campaign=campaign, adgroup_id=f"g{ad_id}", name="Glow", seen_at=NOW
    )
    ad = Ad.objects.create(
        ad_group=group,
        ad_account=account,
        post=row.post,
        ad_id=ad_id,
        name=f"Glow {ad_id}",
        state="live",
        seen_at=NOW,
    )
    for day, amount in spends.items():
        AdDay.objects.create(
            ad=ad, day=day, currency="USD", spend=Decimal(amount), impressions=9, read_at=NOW
        )
    return ad


def looked(row: Authorization, word: str) -> Look:
    assert row.post is not None
    seen = Seen(word, "AUTHORIZED", NOW, "งามมาก – glow", ("1",), ("US",))
    return Look(row.post.pk, seen, "#Ab••••w=", {"item_info": {"text": "glow"}})


@pytest.fixture
def disputed(cast: Cast) -> Authorization:
    """A post with two code generations, two ad accounts that spent, terms, and a broken hold."""
    with client_scope(cast.client.pk):
        first, second = rights.ad_account(), rights.ad_account("7000000000000000002")
        row = rights.authorized(ends_at=NOW + timedelta(days=3))
        rights.read(
            rights.listed(row.post, code=OTHER_CODE, ends_at=NOW + timedelta(days=40)),
            account=second,
        )
        record_terms(
            creator_id=row.creator_id or 0,
            post_id=row.post_id,
            starts_on=date(2026, 9, 1),
            ends_on=date(2026, 10, 1),
            hold_until=date(2026, 10, 8),
            by=MINA,
            now=NOW,
        )
        ad_with_days(row, "901", first, {date(2026, 9, 7): "10.50", date(2026, 9, 8): "4.25"})
        ad_with_days(row, "902", second, {date(2026, 9, 8): "7.00"})
        note_looks([looked(row, "HESITATE_RECOMMEND")], first, now=NOW)
        open_cases(note_looks([looked(row, "USER_DELETE")], first, now=NOW), now=NOW)
        return row


def shown_text(pdf: bytes) -> str:
    """The text on the pages, read back through each font's own table of characters."""
    raw = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.S)
    tables = [one for one in raw if b"beginbfchar" in one]
    pieces = [
        re.sub(rb"\\(.)", lambda sign: ESCAPES.get(sign[1], sign[1]), piece, flags=re.S)
        for page in raw
        for piece in re.findall(rb"\((.*?)(?<!\\)\) Tj", unpacked(page), re.S)
    ]
    shown = []
    for table in tables:
        # A ligature, such as that of two f, stands for more than one character.
        rows = re.findall(rb"<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>\n", table)
        letters = {
            int(glyph, 16): bytes.fromhex(codes.decode()).decode("utf-16-be")
            for glyph, codes in rows
        }
        for piece in pieces:
            pairs = zip(piece[::2], piece[1::2], strict=False)
            shown += [letters.get(high * 256 + low, "") for high, low in pairs]
    return "".join(shown)


def unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_n21_a_pack_holds_all_that_a_dispute_needs(cast: Cast, disputed: Authorization) -> None:
    """N21: terms, code generations with masked codes, redemptions, delivery dates, spend per day
    and account, snapshots, incidents and audit trail as JSON, with a PDF that prints its hash."""
    browser = browse(cast)
    assert browser.post(url("ask-evidence", disputed.post_id)).status_code == 302
    with client_scope(cast.client.pk):
        pack = EvidencePack.objects.get()
        assert pack.state == "ready"
    raw = browser.get(url("take-evidence", pack.pk, "json")).content
    content = json.loads(raw)
    assert [one["ends_on"] for one in content["usage_terms"]] == ["2026-10-01"]
    codes = [one["code"] for one in content["generations"]]
    assert len(set(codes)) == 2 and all("••••" in one for one in codes)
    assert CODE not in raw.decode() and OTHER_CODE not in raw.decode()
    assert {one["advertiser_id"] for one in content["redemptions"]} == {
        "7000000000000000001",
        "7000000000000000002",
    }
    dates = {one["ad_id"]: (one["first_day"], one["last_day"]) for one in content["delivery"]}
    assert dates["901"] == ("2026-09-07", "2026-09-08")
    spent = {
        (one["day"], one["advertiser_id"][-1]): Decimal(one["amount"]) for one in content["spend"]
    }
    assert spent == {
        ("2026-09-07", "1"): Decimal("10.50"),
        ("2026-09-08", "1"): Decimal("4.25"),
        ("2026-09-08", "2"): Decimal("7.00"),
    }
    words = [one["post_word"] for one in content["snapshots"]]
    assert words == ["HESITATE_RECOMMEND", "USER_DELETE"]
    assert {one["record"] for one in content["incidents"]} == {"finding", "case"}
    assert {"terms.recorded", "case.opened"} <= {one["verb"] for one in content["audit"]}

    assert hashlib.sha256(raw).hexdigest() == pack.sha256
    page = browser.get(url("evidence", disputed.post_id)).content.decode()
    assert pack.sha256 in page
    pdf = browser.get(url("take-evidence", pack.pk, "pdf")).content
    assert pdf.startswith(b"%PDF-")
    assert pack.sha256 in shown_text(pdf)
    with client_scope(cast.client.pk):
        taken = Event.objects.filter(verb="evidence.downloaded").order_by("id")
        assert [one.data["form"] for one in taken] == ["json", "pdf"]
        assert {one.data["sha256"] for one in taken} == {pack.sha256}


def test_a_large_pack_is_built_by_a_worker_with_progress(
    cast: Cast, disputed: Authorization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "SMALL", 0)
    browser = browse(cast)
    browser.post(url("ask-evidence", disputed.post_id))
    with client_scope(cast.client.pk):
        pack = EvidencePack.objects.get()
        assert (pack.state, pack.progress) == ("building", 0)
        evidence.build_step(pack.pk, now=NOW)
    page = browser.get(url("evidence", disputed.post_id)).content.decode()
    assert f"1 of {pack.steps} steps" in page
    assert browser.get(url("take-evidence", pack.pk, "pdf")).status_code == 422
    build_packs(client_id=cast.client.pk)
    with client_scope(cast.client.pk):
        pack.refresh_from_db()
        assert (pack.state, pack.progress) == ("ready", pack.steps)


def test_who_may_not_export_gets_no_pack(cast: Cast, disputed: Authorization) -> None:
    assert browse(cast, "viewer").get(url("evidence", disputed.post_id)).status_code == 403
    assert browse(cast, "viewer").post(url("ask-evidence", disputed.post_id)).status_code == 403
