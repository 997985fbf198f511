"""A worker's long backfill in a process of its own: `python -m bench.backfill CLIENT PARTS ROWS`.

Reads 90 days of one ad account after the other and prints the highest memory after each, in MB, as
a JSON list.
"""

import json
import resource
import sys
from datetime import UTC, datetime, timedelta

import django

DAYS = 90


def main(client: int, parts: int, rows: int) -> None:
    django.setup()
    from bench.reports import SPAN, Report, read
    from sparkops.catalog.models import AdAccount
    from sparkops.isolation.scope import client_scope

    begin = datetime.now(UTC).date() - timedelta(days=DAYS)
    peaks = []
    for part in range(parts):
        advertiser = f"79{client:04}{part:06}"
        with client_scope(client):
            AdAccount.objects.create(
                connection_id=client * 2,
                advertiser_id=advertiser,
                name=advertiser,
                currency="USD",
                timezone="UTC",
                utc_offset_minutes=0,
            )
        ads = [f"9{part:04}{number:06}" for number in range(max(rows // DAYS, 1))]
        reports = [
            Report(begin + timedelta(days=day), begin + timedelta(days=day + SPAN - 1), ads)
            for day in range(0, DAYS, SPAN)
        ]
        read(client, advertiser, reports)
        peaks.append(_peak())
    sys.stdout.write(json.dumps(peaks))


def _peak() -> float:
    """The most memory that this process ever had, in MB."""
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
