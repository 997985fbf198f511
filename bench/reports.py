"""TikTok's answers to a report of ad days, ready as bytes, and the product's stream over them.

Nothing of the product is replaced but the network: answers are decoded, checked, kept and loaded as
always. Both sides of a measure start from the same bytes.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from campaigns.inbound.numbers import AD_DAYS
from sparkops.clock import days_of
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor, Run
from sparkops.landing.streams import pull
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.limits import NoLimiter
from sparkops.tiktok.transport import Answer, Request

PAGE = 1_000
SPAN = 15
"""Days of one report of the stream."""


@dataclass
class Report:
    """Rows of some ads on each day from `first` to `last`, as pages of a Marketing API answer."""

    first: date
    last: date
    ads: Sequence[str]
    seed: int = 1
    pages: list[bytes] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows = list(self._rows())
        last = max((len(rows) + PAGE - 1) // PAGE, 1)
        self.pages = [
            _body(rows[(number - 1) * PAGE : number * PAGE], number, last, len(rows))
            for number in range(1, last + 1)
        ]

    @property
    def row_count(self) -> int:
        return len(self.ads) * len(days_of(self.first, self.last))

    def _rows(self) -> Iterator[dict[str, Any]]:
        random = Random(f"{self.seed} {self.first}")
        for day in days_of(self.first, self.last):
            for ad in self.ads:
                views = random.randrange(100, 90_000)
                yield {
                    "dimensions": {"ad_id": ad, "stat_time_day": f"{day} 00:00:00"},
                    "metrics": _metrics(ad, views),
                }


def _metrics(ad: str, views: int) -> dict[str, str]:
    return {
        "spend": f"{views / 100:.2f}", "billed_cost": f"{views / 100:.2f}",
        "impressions": str(views * 2), "reach": str(views), "clicks": str(views // 90),
        "likes": str(views // 30), "comments": str(views // 700), "shares": str(views // 900),
        "follows": str(views // 990), "profile_visits": str(views // 200),
        "video_play_actions": str(views), "video_watched_6s": str(views // 4),
        "video_views_p100": str(views // 9), "conversion": str(views // 5_000),
        "complete_payment": "0", "total_purchase_value": "0.00",
        "onsite_shopping": str(views // 5_000),
        "total_onsite_shopping_value": f"{views // 5_000 * 25}.00", "campaign_id": "1900000001",
        "adgroup_id": f"20{ad[:4]}", "tiktok_item_id": "-",
    }  # fmt: skip


def _body(rows: list[dict[str, Any]], number: int, last: int, total: int) -> bytes:
    info = {"page": number, "page_size": PAGE, "total_number": total, "total_page": last}
    data = {"list": rows, "page_info": info}
    answer = {"code": 0, "message": "OK", "request_id": f"bench-{number}", "data": data}
    return json.dumps(answer).encode()


class Answers:
    """Stands where the transport is; answers a report by its first day and page."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._by_day = {report.first.isoformat(): report for report in reports}

    def send(
        self, build: Callable[[float], Request], decode: Callable[[Answer], Any], **_: Any
    ) -> Any:
        request = build(0.0)
        asked = dict(request.params)
        report = self._by_day[str(asked["start_date"]).strip('"')]
        body = report.pages[int(asked["page"]) - 1]
        return decode(Answer("ads", request.method, request.path, 200, body))


def read(client: int, part: str, reports: Sequence[Report]) -> None:
    """One pull of the product's stream of ad days over exactly these reports, oldest first.

    Works outside of scopes, as a worker does. Raises AssertionError when it did not end well.
    """
    until = datetime.combine(reports[-1].last, time(12), tzinfo=UTC)
    # The stream asks from a day before its window, so that the window begins a day later.
    since = datetime.combine(reports[0].first + timedelta(days=1), time(12), tzinfo=UTC)
    cursor = _cursor(client, part, since + AD_DAYS.overlap)
    stream = replace(AD_DAYS, open=lambda *_: _api(reports))
    assert pull(client, stream, cursor, now=lambda: until)
    with client_scope(client):
        run = Run.objects.filter(cursor_id=cursor).order_by("-pk")[0]
        assert run.state == Run.State.DONE, run.error
        assert run.rows == sum(report.row_count for report in reports), run.rows


def _cursor(client: int, part: str, until: datetime) -> int:
    with client_scope(client):
        cursor, _ = Cursor.objects.update_or_create(
            stream=AD_DAYS.name,
            part=part,
            connection_id=client * 2,
            defaults={
                "position": {"until": until.isoformat()},
                "due_at": until,
                "claimed_until": None,
            },
        )
        return cursor.pk


@contextmanager
def _api(reports: Sequence[Report]) -> Iterator[AdsApi]:
    yield AdsApi(Answers(reports), "token", NoLimiter(), app_id="1", secret="s")  # type: ignore[arg-type]
