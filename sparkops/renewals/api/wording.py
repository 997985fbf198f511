"""What creators read, and the cadence by which they are asked, in the API."""

from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from sparkops.accounts.models import User
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Detail, page_values
from sparkops.errors import Refusal
from sparkops.renewals.actions.messages import (
    CadenceChange,
    change_cadence,
    forget_message,
    save_message,
)
from sparkops.renewals.api import EDIT, TAG
from sparkops.renewals.forms import CadenceForm, MessageForm, initial_of
from sparkops.renewals.models.messages import KINDS, LANGUAGES
from sparkops.renewals.queries.messages import cadence_of_client, own_words, words_of
from sparkops.renewals.rules.texts import Kind
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

CONNECT = Permission.CONNECT


@dataclass(frozen=True)
class Wording:
    """One message in one language; `own` says that the client wrote it."""

    kind: str
    language: str
    subject: str
    body: str
    own: bool


class WordingShape(serializers.Serializer):
    """One message in one language; `own` tells the client's words from the shipped ones."""

    kind = serializers.ChoiceField(choices=KINDS)
    language = serializers.ChoiceField(choices=LANGUAGES)
    subject = serializers.CharField()
    body = serializers.CharField()
    own = serializers.BooleanField()


class WhichWordingInput(serializers.Serializer):
    """Which message is meant."""

    kind = serializers.ChoiceField(choices=KINDS)
    language = serializers.ChoiceField(choices=LANGUAGES)


class WordingInput(WhichWordingInput):
    """The client's own words. Variables stand in braces; {link} says how to answer and has to be
    in the body."""

    subject = serializers.CharField(max_length=150)
    body = serializers.CharField(max_length=2_000)


class CadenceShape(serializers.Serializer):
    """When and how creators are asked for renewals. Quiet hours are in the creator's own zone;
    `escalate_to` is an address, null for everyone who may ask."""

    sends = serializers.BooleanField()
    reminder_days = serializers.ListField(child=serializers.IntegerField())
    quiet_starts = serializers.TimeField(format="%H:%M")
    quiet_ends = serializers.TimeField(format="%H:%M")
    escalate_after = serializers.IntegerField()
    escalate_to = serializers.EmailField(source="escalate_to.email", allow_null=True, default=None)
    language = serializers.ChoiceField(choices=LANGUAGES)
    days = serializers.IntegerField()
    price = MoneyField("price", "currency")
    reply_to = serializers.CharField()


class CadenceInput(serializers.Serializer):
    """What is left out stays. The price is in the client's currency, null is “as agreed”."""

    sends = serializers.BooleanField(
        required=False, help_text="Ask without waiting for a person, for posts that ads spend on."
    )
    reminder_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=365),
        min_length=1,
        max_length=20,
        required=False,
        help_text="Days before an end.",
    )
    quiet_starts = serializers.TimeField(required=False)
    quiet_ends = serializers.TimeField(required=False)
    escalate_after = serializers.IntegerField(min_value=1, max_value=5, required=False)
    escalate_to = serializers.EmailField(required=False, allow_null=True)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    price = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    reply_to = serializers.EmailField(max_length=254, required=False, allow_blank=True)


def _wordings(call: Call) -> list[Wording]:
    """Every message in every language, as creators read it now."""
    own = own_words()
    return [
        Wording(kind, code, *words_of(Kind(kind), code), own=(kind, code) in own)
        for kind, _ in KINDS
        for code, _ in LANGUAGES
    ]


def _write(call: Call, values: dict[str, Any]) -> Wording:
    """Say a message in the client's own words; new messages use it from now on."""
    kind, language = Kind(values["kind"]), values["language"]
    form = MessageForm(values)
    page_values(form)
    row = save_message(kind, language, form.words, by=call.actor, now=call.now)
    return Wording(row.kind, row.language, row.subject, row.body, own=True)


def _forget(call: Call, values: dict[str, Any]) -> Wording:
    """Go back to the shipped words."""
    kind, language = Kind(values["kind"]), values["language"]
    forget_message(kind, language, by=call.actor, now=call.now)
    return Wording(kind.value, language, *words_of(kind, language), own=False)


def _cadence(call: Call) -> CadenceChange:
    """How the client asks, or the defaults while nobody has decided."""
    row, client = cadence_of_client(), Client.objects.get(pk=call.client.pk)
    shown = initial_of(row, client)
    kept = {"escalate_to": row.escalate_to, "price": row.price, "currency": row.currency}
    return CadenceChange(**shown | kept | {"reminder_days": list(shown["reminder_days"])})


def _change(call: Call, values: dict[str, Any]) -> CadenceChange:
    """Change when and how creators are asked, and who is told when they do not answer."""
    client, given = call.client, dict(values)
    if "reminder_days" in given:
        given["reminder_days"] = ", ".join(map(str, given["reminder_days"]))
    if given.get("escalate_to"):
        given["escalate_to"] = _person(given["escalate_to"])
    standing = initial_of(cadence_of_client(), client)
    standing["reminder_days"] = ", ".join(map(str, standing["reminder_days"]))
    form = CadenceForm(standing | given, client=client)
    change = CadenceChange(**page_values(form), currency=client.currency)
    change_cadence(change, by=call.actor, now=call.now)
    return _cadence(call)


def _person(address: str) -> int:
    found = User.objects.filter(email=address.lower()).first()
    if found is None:
        raise Refusal(
            "unknown_person", "Nobody with this address may ask here.", field="escalate_to"
        )
    return found.pk


WORDINGS = client_endpoint(
    "message_texts",
    TAG,
    get=Detail(
        summary="Show what creators read",
        find=_wordings,
        shape=WordingShape,
        permission=EDIT,
        many=True,
    ),
    post=Action(
        summary="Write a message to creators",
        do=_write,
        takes=WordingInput,
        shape=WordingShape,
        permission=EDIT,
    ),
)
FORGET = client_endpoint(
    "forget_message_text",
    TAG,
    post=Action(
        summary="Go back to the shipped words",
        do=_forget,
        takes=WhichWordingInput,
        shape=WordingShape,
        permission=EDIT,
    ),
)
CADENCE = client_endpoint(
    "cadence",
    TAG,
    get=Detail(summary="Show the cadence", find=_cadence, shape=CadenceShape, permission=CONNECT),
    patch=Action(
        summary="Change the cadence",
        do=_change,
        takes=CadenceInput,
        shape=CadenceShape,
        permission=CONNECT,
        partial=True,
    ),
)
