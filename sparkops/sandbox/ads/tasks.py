"""Asynchronous exports: reports and the ad account's change log. Three calls each."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint, invalid, moment_text
from sparkops.sandbox.ads.call import parse_moment as parse
from sparkops.sandbox.ads.reports import ask, report_rows
from sparkops.sandbox.wire import Response

WORK_TIME = timedelta(seconds=2)
FORMATS = ("CSV_STRING", "CSV_DOWNLOAD", "XLSX_DOWNLOAD")
TASK_FIELDS = ("report_type", "data_level", "dimensions", "metrics", "start_date", "end_date")


def _start(call: Call, kind: str) -> Data:
    advertiser = call.advertiser()
    task_id = call.world.new_id("task")
    call.world.tasks[task_id] = {
        "kind": kind,
        "advertiser_id": advertiser.id,
        "at": call.now,
        "params": dict(call.params),
        "cancelled": False,
    }
    return {"task_id": task_id}


def _task(call: Call, kind: str) -> Data:
    advertiser = call.advertiser()
    task = call.world.tasks.get(call.needed("task_id"))
    if task is None or task["kind"] != kind or task["advertiser_id"] != advertiser.id:
        raise Refused(40007, f"The task {call.text('task_id')} does not exist.")
    return task


def _status(call: Call, task: Data) -> str:
    if task["cancelled"]:
        return "CANCELED"
    return "SUCCESS" if call.now >= task["at"] + WORK_TIME else "PROCESSING"


def _finished(call: Call, kind: str) -> Data:
    task = _task(call, kind)
    if _status(call, task) != "SUCCESS":
        raise Refused(40201, "The task is not ready. Please try again later.")
    return task


def _csv(header: list[str], rows: list[list[object]]) -> Response:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return Response(200, None, text.getvalue().encode(), {"Content-Type": "text/csv"})


@endpoint("POST", "/report/task/create/")
def report_create(call: Call) -> Data:
    call.need(*(name for name in TASK_FIELDS if name != "metrics"))
    call.choice("output_format", FORMATS, "CSV_STRING")
    for name in ("dimensions", "metrics"):
        call.texts(name)
    return _start(call, "report")


@endpoint("GET", "/report/task/check/")
def report_check(call: Call) -> Data:
    return {"status": _status(call, _task(call, "report")), "message": ""}


@endpoint("POST", "/report/task/cancel/")
def report_cancel(call: Call) -> Data:
    _task(call, "report")["cancelled"] = True
    return {}


@endpoint("GET", "/report/task/download/")
def report_download(call: Call) -> Response:
    task = _finished(call, "report")
    call.params = {**task["params"], "advertiser_id": task["advertiser_id"]}
    advertiser = call.advertiser()
    wanted = ask(call, advertiser)
    rows, _ = report_rows(call, advertiser, wanted)
    names = [one for one in (wanted.id_dimension, wanted.time_dimension) if one]
    return _csv(
        [*names, *wanted.metrics],
        [
            [
                *(row["dimensions"][one] for one in names),
                *(row["metrics"][one] for one in wanted.metrics),
            ]
            for row in rows
        ],
    )


@endpoint("POST", "/changelog/task/create/")
def changelog_create(call: Call) -> Data:
    call.need("start_time", "end_time")
    if parse(call.text("end_time"), "end_time") < parse(call.text("start_time"), "start_time"):
        raise invalid("end_time: Must not be before start_time.")
    return _start(call, "changelog")


@endpoint("GET", "/changelog/task/check/")
def changelog_check(call: Call) -> Data:
    return {"status": _status(call, _task(call, "changelog")), "message": ""}


@endpoint("GET", "/changelog/task/download/")
def changelog_download(call: Call) -> Response:
    task = _finished(call, "changelog")
    first = parse(task["params"]["start_time"], "start_time")
    last = parse(task["params"]["end_time"], "end_time")
    names = ["object_type", "object_id", "object_name", "activity", "old", "new"]
    rows: list[list[object]] = [
        [moment_text(one["at"]), *(one[name] for name in names)]
        for one in call.world.changes
        if one["advertiser_id"] == task["advertiser_id"] and first <= one["at"] <= last
    ]
    return _csv(["operation_time", *names], rows)
