"""Every sample answer is read in full. The directory may hold other values than our copy."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import AliasChoices

from sparkops.tiktok.shop import (
    affiliate,
    analytics,
    collaborations,
    creators,
    finance,
    messages,
    orders,
    products,
    returns,
    samples,
    shops,
)
from sparkops.tiktok.shop.caller import Listing
from sparkops.tiktok.shop.endpoints import ENDPOINTS
from sparkops.tiktok.shop.envelope import decode
from sparkops.tiktok.shop.finance import SUPPLEMENT, Breakdown
from sparkops.tiktok.shop.oauth import token_set
from sparkops.tiktok.transport import Answer
from sparkops.tiktok.values import Record
from tests.sparkops.tiktok.stand_in import SAMPLES, sample

PAGES: dict[str, Listing] = {
    "affiliate_conversation_messages_202412": messages.MESSAGES,
    "affiliate_marketplace_creators_search_202608": creators.CREATORS,
    "affiliate_sample_applications_search_202508": samples.SAMPLE_APPLICATIONS,
    "affiliate_sample_fulfillments_202409": samples.FULFILLMENTS,
    "affiliate_seller_orders_search_202410": affiliate.AFFILIATE_ORDERS,
    "affiliate_target_collaboration_detail_202508": collaborations.TARGET_COLLABORATION,
    "analytics_shop_performance_202509": analytics.SHOP,
    "analytics_shop_videos_performance_202605": analytics.VIDEOS,
    "authorization_shops_202309": shops.SHOPS,
    "finance_order_transactions_202501_sale_and_refund": finance.ORDER_TRANSACTIONS,
    "finance_payments_202605": finance.PAYMENTS,
    "finance_statement_transactions_202501_refund_adjust_reserve": finance.TRANSACTIONS,
    "finance_statement_transactions_202501_sales": finance.TRANSACTIONS,
    "finance_statements_202309": finance.STATEMENTS,
    "finance_unsettled_202507": finance.UNSETTLED,
    "orders_search_202309": orders.ORDERS,
    "products_search_202502": products.PRODUCTS,
    "returns_search_202602": returns.RETURNS,
}
QUOTA = "affiliate_creator_outreach_quota_202607"
NOT_ANSWERS = {"errors", "signing_vectors", "webhook_events", "finance_field_catalog"}

# Rates by contract 1.6: how much of the wire's unit makes 1. Key: file start and field.
HUNDREDTHS = Decimal(10_000)
RATES: dict[tuple[str, str], Decimal] = {
    ("affiliate_seller_orders", "commission_rate"): HUNDREDTHS,
    ("affiliate_seller_orders", "shop_ads_commission_rate"): HUNDREDTHS,
    ("affiliate_seller_orders", "partner_commission_rate"): HUNDREDTHS,
    ("affiliate_target", "rate"): HUNDREDTHS,
    ("affiliate_target", "shop_ads_commission_rate"): HUNDREDTHS,
    ("affiliate_marketplace", "percentage"): HUNDREDTHS,
    ("affiliate_sample_applications", "fulfillment_percentage"): Decimal(100),
}
MILLISECONDS = {(QUOTA, "start_time"), (QUOTA, "end_time")}


def absent(raw: Any) -> bool:
    return raw in (None, {}) or (isinstance(raw, str) and raw.strip() in ("", "-"))


def data_of(name: str, envelope: Any) -> dict[str, Any]:
    body = json.dumps(envelope).encode()
    return decode(Answer("shop", "GET", f"/{name}", 200, body)).data


def assert_kept(raw: Any, read: Any, name: str, field: str = "") -> None:
    """Whatever is in ``raw`` is in ``read``, with the same meaning."""
    if isinstance(read, Breakdown):
        assert_breakdown(raw, read)
    elif isinstance(read, Record):
        kept = by_wire_name(read)
        for key, value in raw.items():
            if value is not None:
                assert key in kept, f"{field}.{key} was dropped"
                assert_kept(value, kept[key], name, key)
    elif isinstance(read, list):
        assert len(read) == len(raw)
        for raw_item, read_item in zip(raw, read, strict=True):
            assert_kept(raw_item, read_item, name, field)
    else:
        assert_same_value(raw, read, name, field)


def assert_breakdown(raw: dict[str, Any], read: Breakdown) -> None:
    supplement = raw.get(SUPPLEMENT) or {}
    fields = {key: value for key, value in raw.items() if key != SUPPLEMENT}
    for wire, amounts in ((fields, read.amounts), (supplement, read.components)):
        sent = {k: Decimal(str(v).strip()) for k, v in wire.items() if not absent(v)}
        assert amounts == sent
    assert read.unreadable == {}


def by_wire_name(record: Record) -> dict[str, Any]:
    kept = dict(record.model_extra or {})
    for name, info in type(record).model_fields.items():
        alias = info.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias or name]
        kept |= {choice: getattr(record, name) for choice in choices}
    return kept


def assert_same_value(raw: Any, read: Any, name: str, field: str) -> None:
    if isinstance(read, Decimal):
        units = {
            of for (start, rate), of in RATES.items() if name.startswith(start) and rate == field
        }
        assert read * (units.pop() if units else 1) == Decimal(str(raw).strip()), field
    elif isinstance(read, datetime):
        written = isinstance(raw, str) and "-" in raw
        ticks = None if written else int(raw) / (1000 if (name, field) in MILLISECONDS else 1)
        moment = datetime.fromisoformat(raw).replace(tzinfo=UTC) if written else None
        assert read == moment or read.timestamp() == ticks, field
    elif isinstance(read, bool):
        assert str(raw).lower() in (("true", "yes", "1") if read else ("false", "no", "0")), field
    elif isinstance(read, int):
        assert read == int(raw), field
    elif isinstance(read, date):
        assert read.isoformat() == raw, field
    elif read is None:
        assert absent(raw) or raw in (0, "0"), field
    else:
        assert read in ((raw, raw.strip()) if isinstance(raw, str) else (raw, str(raw))), field


def assert_page_reads(name: str, data: dict[str, Any]) -> None:
    listing = PAGES[name]
    page = listing.parse(data, "r-1")
    assert page.raw == data
    assert_kept(data, page.content, name)
    rows = data[listing.rows]
    assert len(page.items) == len(rows) if isinstance(rows, list) else len(page.items) == 1
    assert page.row_count == len(page.items)
    assert page.next_token == (data.get("next_page_token") or "")


def test_every_sample_has_a_reader():
    answers = {path.stem for path in (SAMPLES / "shop").glob("*.json")} - NOT_ANSWERS
    assert answers == {*PAGES, QUOTA, "token_get"}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_read_in_full(name):
    assert_page_reads(name, data_of(name, sample(f"shop/{name}.json")))


@pytest.mark.parametrize("name", PAGES)
def test_pages_in_other_forms_are_read_too(name):
    """Ids as numbers, empty text, null, new fields and new words, as the contract warns."""
    data = vary(data_of(name, sample(f"shop/{name}.json")))
    assert_page_reads(name, data)
    page = PAGES[name].parse(data)
    assert page.findings.fields["new_field"] == 1


def vary(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        varied = {name: vary(item, name) for name, item in value.items()}
        is_money = key.endswith("breakdown") or key in {"fee", "tax", SUPPLEMENT}
        return varied if is_money else varied | {"new_field": {"a": ["b"]}, "new_null": None}
    if isinstance(value, list):
        return [vary(item, key) for item in value]
    if isinstance(value, str) and key in {"tracking_number", "gift_retail_price", "exchange_rate"}:
        return ""
    if isinstance(value, str) and key in {"status", "content_type", "order_type"}:
        return f"NEW_{value}"
    if isinstance(value, str) and key.endswith("id") and value.isdecimal():
        return int(value)
    if isinstance(value, str) and key.endswith("_amount"):
        return f"{value} "
    return value


def test_the_outreach_quota():
    raw = data_of(QUOTA, sample(f"shop/{QUOTA}.json"))
    quota = creators.OutreachQuota.model_validate(raw)
    assert_kept(raw, quota, QUOTA)
    left = int(raw["quota_sum"]) - int(raw["quota_use"])
    assert quota.remaining == (None if raw["unlimited"] else max(0, left))


def test_the_tokens():
    envelope = sample("shop/token_get.json")
    raw = envelope["data"]
    body = json.dumps(envelope).encode()
    reply = decode(Answer("shop", "GET", "/api/v2/token/get", 200, body))
    tokens = token_set(reply, datetime(2026, 11, 20, tzinfo=UTC))
    assert tokens.access_token == raw["access_token"]
    assert tokens.refresh_token == raw["refresh_token"]
    assert tokens.access_token_expires_at.timestamp() == int(raw["access_token_expire_in"])
    assert tokens.granted_scopes == tuple(raw["granted_scopes"])
    assert raw["access_token"] not in repr(tokens)
    assert raw["refresh_token"] not in repr(tokens)


@pytest.mark.parametrize("name", PAGES)
def test_the_version_in_the_name_is_the_pinned_one(name):
    version = next(part for part in name.split("_") if part.isdecimal() and len(part) == 6)
    assert f"/{version}/" in ENDPOINTS[PAGES[name].key].path
