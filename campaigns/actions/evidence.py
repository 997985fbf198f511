"""Building evidence packs, a section at a time (N21)."""

from datetime import datetime

from campaigns.models import EvidencePack
from campaigns.queries.evidence import SECTIONS, size_of
from campaigns.rules.evidence import as_json, as_pdf, hash_of
from creators.models import Post
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal

SMALL = 2_000
"""Rows up to which a pack is built while its reader waits."""


def ask_for_pack(post: Post, *, by: Actor, now: datetime) -> EvidencePack:
    """Begin a pack; one that is being built is returned. A small one is built at once."""
    waiting = EvidencePack.objects.filter(post=post, state=EvidencePack.State.BUILDING).first()
    if waiting is not None:
        return waiting
    # One step more than sections: writing both files.
    pack = EvidencePack.objects.create(
        post=post, steps=len(SECTIONS) + 1, requested_at=now, requested_by=by.label
    )
    record("evidence.requested", post, by=by, now=now, data={"pack": pack.pk})
    if size_of(post.pk) <= SMALL:
        while build_step(pack.pk, now=now):
            pass
    return pack


def build_step(pack_id: int, *, now: datetime) -> bool:
    """Build the next section, or the files when all are there; whether anything is left.

    Each step is one transaction, so a worker that died is followed by one that goes on.
    """
    pack = (
        EvidencePack.objects.select_for_update(of=("self",))
        .select_related("post__creator")
        .get(pk=pack_id)
    )
    if pack.state == EvidencePack.State.READY:
        return False
    name = next((one for one in SECTIONS if one not in pack.parts), None)
    if name is None:
        _finish(pack, now)
        return False
    pack.parts[name] = SECTIONS[name][1](pack.post)
    pack.progress += 1
    pack.save(update_fields=["parts", "progress"])
    return True


def download(pack: EvidencePack, form: str, *, by: Actor, now: datetime) -> bytes:
    """The pack as "json" or "pdf"; who took it is in the audit log. Raises Refusal until ready."""
    if pack.state != EvidencePack.State.READY:
        raise Refusal("not_ready", "This pack is still being built.")
    data = {"pack": pack.pk, "form": form, "sha256": pack.sha256}
    record("evidence.downloaded", pack.post, by=by, now=now, data=data)
    return bytes(pack.pdf or b"") if form == "pdf" else pack.document.encode()


def _finish(pack: EvidencePack, now: datetime) -> None:
    pack.document = as_json(pack.parts)
    pack.sha256 = hash_of(pack.document)
    pack.pdf = as_pdf(
        pack.parts,
        {name: title for name, (title, _read) in SECTIONS.items()},
        heading=f"Evidence of paid use: post {pack.post.item_id}",
        sha256=pack.sha256,
        made_at=now,
        made_by=pack.requested_by,
    )
    pack.parts, pack.progress = {}, pack.steps
    pack.state, pack.ready_at = EvidencePack.State.READY.value, now
    pack.save()
