"""The Compass export: one shop-local day as a file (contract 8.10)."""

import base64
import csv
import io
from datetime import timedelta
from typing import Any

from sparkops.sandbox.world.money import ZERO

from . import errors, fields
from .gate import Call
from .performance import Period, latest_available_day, lines_sold, parsed_day
from .values import amount, seconds

DOC_TYPES = ("CREATOR", "BASE")
MOST_PER_HOUR = 10


def create(call: Call) -> dict[str, Any]:
    """Starts an export of one day. Raises ShopError while that day is not ready."""
    kind = _doc_type(fields.text(call.body, "doc_type", required=True))
    day = fields.text(call.body, "date", required=True)
    if parsed_day(day) > latest_available_day(call):
        raise errors.day_not_ready()
    hour_ago = call.now - timedelta(hours=1)
    recent = [task for task in _tasks(call) if task["created_at"] > hour_ago]
    if len(recent) >= MOST_PER_HOUR:
        raise errors.export_limit()
    task_id = call.world.new_id("task")
    call.world.tasks[task_id] = {
        "api": "shop",
        "id": task_id,
        "shop_id": call.shop.id,
        "doc_type": kind,
        "date": day,
        "created_at": call.now,
    }
    return {"task_id": task_id}


def tasks(call: Call) -> dict[str, Any]:
    kind = _doc_type(call.query.get("doc_type", ""))
    return {
        "tasks": [
            {
                "task_id": task["id"],
                "doc_type": task["doc_type"],
                "date": task["date"],
                "status": "SUCCESS",
                "create_time": seconds(task["created_at"]),
            }
            for task in _tasks(call)
            if task["doc_type"] == kind
        ]
    }


def file(call: Call) -> dict[str, Any]:
    """The file of a task, CSV in base64."""
    task = next((one for one in _tasks(call) if one["id"] == call.params["task_id"]), None)
    if task is None:
        raise errors.not_found("export task")
    rows = _creators(call, task["date"]) if task["doc_type"] == "CREATOR" else _base(call, task)
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return {
        "file_name": f"compass_{task['doc_type'].lower()}_{task['date']}.csv",
        "file": base64.b64encode(text.getvalue().encode()).decode(),
    }


def _tasks(call: Call) -> list[dict[str, Any]]:
    return [
        task
        for task in call.world.tasks.values()
        if task.get("api") == "shop" and task["shop_id"] == call.shop.id
    ]


def _doc_type(text: str) -> str:
    if not text:
        raise errors.missing_field("doc_type")
    if text not in DOC_TYPES:
        raise errors.invalid_field("doc_type", "must be CREATOR or BASE")
    return text


def _creators(call: Call, day: str) -> list[list[Any]]:
    """GMV, orders and units per creator of the day."""
    totals: dict[str, list[Any]] = {}
    for order, line in lines_sold(call, Period.of_day(call, day)):
        if order.affiliate:
            creator = call.world.creators[order.affiliate.creator_id]
            row = totals.setdefault(creator.id, [creator.open_id, creator.handle, ZERO, set(), 0])
            row[2] += line.item_revenue
            row[3].add(order.id)
            row[4] += 1
    head = ["creator_open_id", "creator_username", "gmv", "orders", "items_sold"]
    return [head, *([a, b, amount(gmv), len(ids), n] for a, b, gmv, ids, n in totals.values())]


def _base(call: Call, task: dict[str, Any]) -> list[list[Any]]:
    sold = lines_sold(call, Period.of_day(call, task["date"]))
    gmv = sum((line.item_revenue for _, line in sold), ZERO)
    orders = {order.id for order, _ in sold}
    head = ["date", "gmv", "orders", "items_sold"]
    return [head, [task["date"], amount(gmv), len(orders), len(sold)]]
