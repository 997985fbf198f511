"""Asking creators in the API: requests of rights, renewals, and every message that was written."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from authorizations.models import Authorization
from creators.models import Post
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Detail, Listing, own_id
from sparkops.errors import Refusal
from sparkops.renewals.actions.asks import mark_sent
from sparkops.renewals.actions.rights import request_rights
from sparkops.renewals.actions.runs import retry_failed, start_run
from sparkops.renewals.models import Ask, Run
from sparkops.renewals.models.messages import LANGUAGES
from sparkops.renewals.queries.asks import MOST_AT_ONCE, chosen
from sparkops.renewals.queries.asks import runs as all_runs
from sparkops.renewals.queries.messages import Offer
from sparkops.renewals.queries.own_page import to_show
from sparkops.renewals.tasks import send_commands, work_run
from sparkops.tenants.permissions import Permission

TAG = "Requests to creators"
EDIT = Permission.AUTHORIZATION_EDIT


class RunShape(serializers.ModelSerializer):
    """Many creators asked at once. `to_copy` are messages that a person has to send by hand."""

    price = MoneyField("price", "currency")
    sent = serializers.IntegerField(read_only=True)
    failed = serializers.IntegerField(read_only=True)
    to_copy = serializers.IntegerField(read_only=True)

    class Meta:
        model = Run
        fields = (
            "id", "state", "total", "sent", "failed", "to_copy", "days", "price", "language",
            "actor", "created_at", "finished_at",
        )  # fmt: skip


class AskShape(serializers.ModelSerializer):
    """One message to one creator about one permission. The address of the creator's own page is
    the creator's secret and is left out."""

    run_id = serializers.IntegerField(read_only=True, allow_null=True)
    authorization_id = serializers.IntegerField(read_only=True)
    creator = named("creator.shown_handle")
    text = serializers.SerializerMethodField()

    class Meta:
        model = Ask
        fields = (
            "id", "run_id", "authorization_id", "creator", "step_days", "ends_at", "kind", "state",
            "channel", "reason", "language", "subject", "text", "created_at", "sent_at",
        )  # fmt: skip

    def get_text(self, row: Ask) -> str:
        return to_show(row.text)


class _Ids(serializers.ListField):
    def __init__(self, **options: Any) -> None:
        child = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
        super().__init__(
            child=child, min_length=1, max_length=MOST_AT_ONCE, required=False, **options
        )


class RequestInput(serializers.Serializer):
    """Posts to get rights to, or authorizations to renew; without `price` messages say “as
    agreed”, without `language` each creator's own is used. The price is in the client's currency.
    """

    post_ids = _Ids(help_text="Own ids of posts that nobody has rights to.")
    authorization_ids = _Ids(help_text="Own ids of permissions to renew.")
    days = serializers.IntegerField(min_value=1, max_value=365)
    price = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)


class AsksAsked(forms.Form):
    run = own_id("Own id of a request")
    authorization = own_id("Own id of an authorization")
    state = forms.ChoiceField(label="State", required=False, choices=Ask.State.choices)


def _runs(call: Call) -> QuerySet[Run]:
    """Every time that many creators were asked, the newest first."""
    return all_runs()


def _run(call: Call) -> Run:
    """One of them with its counts; it is done when none of its messages is open."""
    return get_object_or_404(all_runs(), pk=call.ids["pk"])


def _ask(call: Call, values: dict[str, Any]) -> Run:
    """Ask creators for rights to posts, or to renew; each gets one message, sent by workers.

    Posts with a permission, and those whose creator is not known, are left out.
    """
    posts, rows = values.get("post_ids"), values.get("authorization_ids")
    if (posts is None) == (rows is None):
        raise Refusal(
            "one_kind", "Send post_ids or authorization_ids, one of them.", field="post_ids"
        )
    offer = Offer(values["days"], values.get("price"), call.client.currency)
    language, by, now = values.get("language", ""), call.actor, call.now
    if posts is not None:
        made = request_rights(_posts(posts), offer, language, by=by, now=now)
    else:
        made = start_run(_permissions(call, rows or []), offer, language, by=by, now=now)
    return _handed_over(call, made)


def _posts(ids: list[int]) -> list[Post]:
    found = list(Post.objects.filter(pk__in=ids).select_related("creator").order_by("pk"))
    if len(found) < len(set(ids)):
        raise Refusal("unknown_post", "One of these is no post here.", field="post_ids")
    return found


def _permissions(call: Call, ids: list[int]) -> list[Authorization]:
    found = list(chosen(ids, {}, call.now))
    if len(found) < len(set(ids)):
        raise Refusal(
            "unknown_authorization",
            "One of these is no authorization here.",
            field="authorization_ids",
        )
    return found


def _retry(call: Call, values: dict[str, Any]) -> Run:
    """Try the failed messages once more."""
    found = _run(call)
    retry_failed(found, by=call.actor, now=call.now)
    return _handed_over(call, found)


def _handed_over(call: Call, run: Run) -> Run:
    work_run.delay_on_commit(client_id=call.client.pk, run_id=run.pk)
    send_commands.delay_on_commit(client_id=call.client.pk)
    return all_runs().get(pk=run.pk)


def _asks(call: Call) -> QuerySet[Ask]:
    """Every message to a creator about a permission, the newest first."""
    return Ask.objects.filter(**call.values).select_related("creator")


def _sent(call: Call, values: dict[str, Any]) -> Ask:
    """Say that a message that was to copy was sent by hand."""
    row = get_object_or_404(
        Ask.objects.select_related("authorization", "creator"), pk=call.ids["pk"]
    )
    mark_sent(row, by=call.actor, now=call.now)
    row.refresh_from_db()
    return row


RUNS = client_endpoint(
    "requests",
    TAG,
    get=Listing(summary="List requests", rows=_runs, shape=RunShape),
    post=Action(
        summary="Ask creators",
        do=_ask,
        takes=RequestInput,
        shape=RunShape,
        permission=EDIT,
        status=202,
    ),
)
RUN = client_endpoint(
    "request", TAG, get=Detail(summary="Show a request", find=_run, shape=RunShape)
)
RETRY = client_endpoint(
    "retry_request",
    TAG,
    post=Action(
        summary="Try failed messages again",
        do=_retry,
        shape=RunShape,
        permission=EDIT,
        status=202,
    ),
)
ASKS = client_endpoint(
    "request_messages",
    TAG,
    get=Listing(summary="List messages to creators", rows=_asks, shape=AskShape, filters=AsksAsked),
)
SENT = client_endpoint(
    "mark_message_sent",
    TAG,
    post=Action(summary="Mark a message as sent", do=_sent, shape=AskShape, permission=EDIT),
)
