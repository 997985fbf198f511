"""Answering, hiding and settling comments under ads (N24)."""

from datetime import datetime

from django.urls import reverse

from campaigns.models import AdComment
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.outbox.models import Command
from sparkops.outbox.queue import put
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

COMMENT = "campaigns.comment"
KIND = "comment_risk"
LATE = "comment_risk_late"
BY_CODE = "AUTH_CODE"
Doing = AdComment.Doing


def tell_risks(*, now: datetime) -> None:
    """Tell people of risky comments, and again when their time is over."""
    client = Client.objects.get(pk=current_client_id())
    waiting = AdComment.objects.filter(handled_at=None, due_at__isnull=False, status="PUBLIC")
    for row in waiting.select_related("ad").order_by("pk"):
        _tell(row, client, KIND, now)
        if row.due_at is not None and row.due_at <= now:
            _tell(row, client, LATE, now)


def _tell(row: AdComment, client: Client, kind: str, now: datetime) -> None:
    late = kind == LATE
    raise_alert(
        kind,
        f"{kind}:{row.pk}",
        subject=row,
        severity=(Alert.Severity.CRITICAL if late else Alert.Severity.WARNING).value,
        title=f"{'Still not answered' if late else 'A comment needs an answer'}: {row}"[:200],
        body=f"It is about {row.risk} under the ad {row.ad}, due {row.due_at:%d %b %H:%M} UTC.",
        path=reverse("campaigns:comment", kwargs={"client": client.slug, "pk": row.pk}),
        action_label="Answer or hide it",
        told=Permission.CAMPAIGN_LAUNCH,
        now=now,
    )


def ask_comment(
    comment: AdComment, doing: Doing, *, text: str = "", by: Actor, now: datetime
) -> Command:
    """Ask TikTok to hide, show or answer a comment.

    Raises Refusal while something is on its way, for an empty answer, and under a post that runs by
    a creator's code: TikTok leaves those comments to the creator (contract 9).
    """
    row = AdComment.objects.select_for_update(of=("self",)).select_related("ad").get(pk=comment.pk)
    if row.doing:
        raise Refusal("on_its_way", f"It is {row.get_doing_display().lower()}. Wait for TikTok.")
    if row.ad.identity_type == BY_CODE and doing is Doing.REPLY:
        raise Refusal(
            "creator_only",
            "The post runs by the creator's code, so only the creator can answer. Ask them, and"
            " settle it here.",
        )
    if doing is Doing.REPLY and not text.strip():
        raise Refusal("no_text", "Write an answer first.", field="text")
    row.doing = doing.value
    row.save(update_fields=["doing"])
    payload = {"comment": row.pk, "do": doing.value, "text": text.strip()}
    return put(COMMENT, f"{COMMENT}:{row.pk}:{now.isoformat()}", payload, by=by, now=now)


def settle_comment(comment: AdComment, *, note: str, by: Actor, now: datetime) -> None:
    """End the task without TikTok. Raises Refusal without a note."""
    if not note.strip():
        raise Refusal("no_note", "Say how it was settled.", field="note")
    _handled(comment, note.strip(), by, now)


def note_done(command: Command, *, now: datetime) -> None:
    """TikTok did it; hiding and answering end the task, showing again reopens nothing."""
    row = AdComment.objects.get(pk=command.payload["comment"])
    doing, row.doing = Doing(row.doing), ""
    if doing is not Doing.REPLY:
        row.status = "HIDDEN" if doing is Doing.HIDE else "PUBLIC"
    row.save(update_fields=["doing", "status"])
    by = Actor(command.created_by)
    if doing is Doing.SHOW:
        record("comment.shown", row, by=by, now=now)
    else:
        _handled(row, command.payload["text"] or "Hidden.", by, now)


def note_refused(command: Command, sentence: str, *, now: datetime) -> None:
    """TikTok did not do it; the task stays open with its reason."""
    row = AdComment.objects.get(pk=command.payload["comment"])
    row.doing, row.answer = "", sentence
    row.save(update_fields=["doing", "answer"])
    record("comment.refused", row, by=Actor(command.created_by), now=now, reason=sentence)


def _handled(row: AdComment, answer: str, by: Actor, now: datetime) -> None:
    row.handled_at, row.handled_by, row.answer = now, by.label, answer
    row.save(update_fields=["handled_at", "handled_by", "answer"])
    resolve_alerts(row, now=now)
    record("comment.handled", row, by=by, now=now, reason=answer)
