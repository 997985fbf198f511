"""What campaigns, ad groups and ads share: filters, names, budgets, status updates."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sparkops.sandbox.ads.call import Call, Data, Refused, invalid, moment_text, parse_moment
from sparkops.sandbox.world import Ad, AdGroup, Advertiser, Campaign, GmvMaxCampaign
from sparkops.sandbox.world.ads import Switched
from sparkops.sandbox.world.delivery import ad_spend, local_day
from sparkops.sandbox.world.money import ZERO

PRIMARY_STATUSES = (
    "STATUS_NOT_DELETE",
    "STATUS_DELIVERY_OK",
    "STATUS_DISABLE",
    "STATUS_DELETE",
    "STATUS_NOT_DELIVERY",
    "STATUS_TIME_DONE",
    "STATUS_FROZEN",
    "STATUS_ALL",
)
OPERATIONS = ("ENABLE", "DISABLE", "DELETE")
NAME_LENGTH = 512
MOST_IDS = 100
MOST_UPDATES = 20
REQUEST_LIFE = timedelta(seconds=10)
CAMPAIGN_MINIMUM = Decimal(50)
ADGROUP_MINIMUM = Decimal(20)
SPENT_FACTOR = Decimal("1.05")
Row = TypeVar("Row", bound=Switched)


def primary_status(secondary: str) -> str:
    """The primary status a secondary word belongs to."""
    if secondary.endswith("DELETE"):
        return "STATUS_DELETE"
    if secondary.endswith("DISABLE"):
        return "STATUS_DISABLE"
    if secondary.endswith(("DELIVERY_OK", "STATUS_ENABLE")):
        return "STATUS_DELIVERY_OK"
    return "STATUS_TIME_DONE" if secondary.endswith("_DONE") else "STATUS_NOT_DELIVERY"


def select(
    call: Call,
    rows: Sequence[Row],
    secondary: Callable[[Row], str],
    keys: dict[str, Callable[[Row], str]],
) -> list[Row]:
    """``rows`` by ``filtering``, newest first.

    ``keys`` maps filter names of id lists (``campaign_ids``) to what they compare with.
    """
    filtering = call.filtering()
    wanted = filtering.get("primary_status", "STATUS_NOT_DELETE")
    if wanted not in PRIMARY_STATUSES:
        raise invalid(f"filtering.primary_status: Invalid value {wanted}.")
    found = list(rows)
    for name, key in keys.items():
        ids = filtering.get(name)
        if ids is None:
            continue
        if not isinstance(ids, list):
            raise invalid(f"filtering.{name}: Must be a list.")
        if len(ids) > MOST_IDS:
            raise Refused(40011, f"filtering.{name}: At most {MOST_IDS} ids are allowed.")
        chosen = {str(one) for one in ids}
        found = [row for row in found if key(row) in chosen]
    word = str(filtering.get("secondary_status", ""))
    if word.endswith("ASSET_AUTHORIZATION_LOST"):
        raise invalid(f"filtering.secondary_status: {word} cannot be used as a filter.")
    if word.endswith("_STATUS_ALL"):
        wanted = "STATUS_ALL"
    elif word and not word.endswith("_STATUS_NOT_DELETE"):
        found = [row for row in found if secondary(row) == word]
        wanted = "STATUS_ALL"
    found = [row for row in found if _in_status(secondary(row), wanted)]
    found = _by_time(filtering, found)
    return sorted(found, key=lambda row: (row.created_at, row.id), reverse=True)


def _in_status(secondary: str, wanted: str) -> bool:
    if wanted == "STATUS_ALL":
        return True
    status = primary_status(secondary)
    return status != "STATUS_DELETE" if wanted == "STATUS_NOT_DELETE" else status == wanted


def _by_time(filtering: Data, rows: list[Row]) -> list[Row]:
    limits: tuple[tuple[str, Callable[[Row, Any], bool]], ...] = (
        ("creation_filter_start_time", lambda row, at: row.created_at >= at),
        ("creation_filter_end_time", lambda row, at: row.created_at <= at),
        ("modified_after", lambda row, at: row.modified_at >= at),
    )
    for name, fits in limits:
        if filtering.get(name):
            at = parse_moment(str(filtering[name]), f"filtering.{name}")
            rows = [row for row in rows if fits(row, at)]
    return rows


def common(entity: Switched) -> Data:
    return {
        "advertiser_id": entity.advertiser_id,
        "create_time": moment_text(entity.created_at),
        "modify_time": moment_text(entity.modified_at),
    }


def check_name(call: Call, name: str, field: str, others: Sequence[Switched]) -> str:
    """The name, or a refusal: too long, with emoji, or taken (unless ``request_id`` is sent)."""
    length = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in name)
    if length > NAME_LENGTH:
        raise invalid(f"{field}: At most {NAME_LENGTH} characters are allowed.")
    if any(unicodedata.category(c) == "So" for c in name):
        raise invalid(f"{field}: Emojis are not allowed.")
    taken = any(one.name == name and one.operation_status(call.now) != "DELETE" for one in others)
    if taken and not call.text("request_id"):
        raise invalid(f"{field}: The name already exists. Please use another one.")
    return name


def check_request_id(call: Call, *, required: bool = False) -> None:
    """Refuses a create request whose ``request_id`` was used less than ten seconds ago."""
    if required:
        call.need("request_id")
    text = call.text("request_id")
    if not text:
        return
    if not text.isdigit():
        raise invalid("request_id: Must be an integer in text form.")
    key = (call.request.path, text)
    earlier = call.world.create_requests.get(key)
    if earlier and call.now - earlier < REQUEST_LIFE:
        raise Refused(40050, "The request is duplicated.")
    call.world.create_requests[key] = call.now


def check_minimum(amount: Decimal | None, minimum: Decimal, field: str = "budget") -> Decimal:
    if amount is None:
        raise invalid(f"Missing required field(s): {field}.")
    if amount <= minimum:
        raise invalid(f"{field}: The budget must be greater than {minimum}.")
    return amount


def check_above_spend(call: Call, advertiser: Advertiser, ads: Sequence[Ad], new: Decimal) -> None:
    """A new budget must be at least 105 % of what was spent so far."""
    today = local_day(advertiser, call.now)
    spent = sum(
        (
            ad_spend(call.world, ad, local_day(advertiser, ad.created_at), today, call.now)
            for ad in ads
        ),
        ZERO,
    )
    if new < spent * SPENT_FACTOR:
        raise invalid(
            f"budget: The new budget must be at least 105% of the amount spent so far ({spent})."
        )


def note_change(call: Call, entity: Switched, kind: str, what: str, old: str, new: str) -> None:
    """One line of the ad account's change log."""
    call.world.changes.append(
        {
            "advertiser_id": entity.advertiser_id,
            "at": call.now,
            "object_type": kind,
            "object_id": entity.id,
            "object_name": entity.name,
            "activity": what,
            "old": old,
            "new": new,
        }
    )


AnyEntity = Campaign | AdGroup | Ad | GmvMaxCampaign


def update_status(
    call: Call, id_field: str, known: dict[str, AnyEntity], kind: str, *, partial: bool = False
) -> Data:
    """The three ``/status/update/`` calls: switches 1-20 entities or, in doubt, none.

    With ``partial`` what can be done is done and the rest listed, as code 20001.
    """
    advertiser = call.advertiser()
    call.need(id_field, "operation_status")
    ids = call.texts(id_field, MOST_UPDATES)
    operation = call.choice("operation_status", OPERATIONS)
    problems = {one: _problem(call, advertiser, known.get(one), operation) for one in ids}
    bad = {one: text for one, text in problems.items() if text}
    if bad and not partial:
        one, text = next(iter(bad.items()))
        raise Refused(40007 if one not in known else 40002, text)
    done = [one for one in ids if one not in bad]
    for one in done:
        entity = known[one]
        note_change(call, entity, kind, "STATUS", entity.operation_status(call.now), operation)
        entity.switch(operation, call.now)
    data: Data = {id_field: done, "status": operation}
    if bad:
        errors = [
            {id_field[:-1]: one, "error_code": 40002, "error_message": text}
            for one, text in bad.items()
        ]
        data |= {"error_list": errors, "__code__": 20001}
    return data


def _problem(call: Call, advertiser: Advertiser, entity: AnyEntity | None, operation: str) -> str:
    if entity is None or entity.advertiser_id != advertiser.id:
        return "The object does not exist in this ad account."
    if entity.operation_status(call.now) == "DELETE":
        return f"{entity.name or entity.id} is deleted and cannot be changed."
    return ""
