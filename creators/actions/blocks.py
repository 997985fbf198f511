"""The blocklist: with whom nobody works any more, why, and on what evidence."""

from datetime import datetime

from creators.models import Block, Creator
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal


def block_creator(
    creator: Creator, *, reason: str, evidence: str = "", by: Actor, now: datetime
) -> Block:
    """Block a creator: no message, no sample and no launch from now on; what was stays readable.

    One who is blocked keeps the first block, with this reason and evidence. Raises Refusal
    without a reason.
    """
    if not reason.strip():
        raise Refusal("no_reason", "Say why, in a sentence.", field="reason")
    Creator.objects.select_for_update().get(pk=creator.pk)
    block = Block.objects.filter(creator=creator, lifted_at=None).first()
    block = block or Block(creator=creator, blocked_at=now, blocked_by=by.label)
    block.reason, block.evidence = reason.strip(), evidence.strip()
    block.save()
    creator.blocked_at = block.blocked_at
    creator.save(update_fields=["blocked_at"])
    record("creator.blocked", creator, by=by, now=now, reason=block.reason)
    return block


def lift_block(creator: Creator, *, by: Actor, now: datetime) -> None:
    """Work with a creator again; one who is not blocked stays as is."""
    open_blocks = Block.objects.filter(creator=creator, lifted_at=None)
    if not open_blocks.update(lifted_at=now, lifted_by=by.label):
        return
    creator.blocked_at = None
    creator.save(update_fields=["blocked_at"])
    record("creator.unblocked", creator, by=by, now=now)
