"""Celery entry points across apps."""

from sparkops import clock
from sparkops.home import digest
from sparkops.isolation.tasks import system_task


@system_task(queue="outbound")
def send_digest(*, digest_id: int) -> None:
    """Send one person's digest."""
    digest.send_digest(digest_id, now=clock.now)


@system_task(queue="outbound")
def sweep_digests() -> None:
    """Write the digests whose time has come and send all that wait."""
    for pk in digest.plan_digests(now=clock.now()):
        send_digest.apply_async(kwargs={"digest_id": pk})
