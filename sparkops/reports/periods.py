"""Which days a report is about."""

from datetime import date, timedelta

from sparkops.reports.models import Every


def last_period(every: str, today: date) -> tuple[date, date]:
    """The newest whole week (Monday to Sunday) or month before `today`; both days included."""
    if every == Every.WEEK:
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
