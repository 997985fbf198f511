"""Saved views in the API: those that the team shares. A key has no menu of its own."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Action, Listing
from sparkops.desk.actions import change_view, delete_view, restore_view, save_view
from sparkops.desk.addresses import kept_query, page_below
from sparkops.desk.models import SavedView
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

TAG = "Saved views"


class ViewShape(serializers.ModelSerializer):
    """A list with its filters under a name; `page` is its path below the client."""

    class Meta:
        model = SavedView
        fields = (
            "id", "page", "section", "name", "query", "owner_name", "created_at", "removed_at",
        )  # fmt: skip


class ViewInput(serializers.Serializer):
    """The address of a list in two parts, as the browser shows it below the client."""

    page = serializers.CharField(max_length=120, help_text="Such as `authorizations/`.")
    section = serializers.CharField(max_length=60, help_text="What people call the list.")
    query = serializers.CharField(max_length=2_000, allow_blank=True, required=False)
    name = serializers.CharField(max_length=60)


class ViewNameInput(serializers.Serializer):
    name = serializers.CharField(max_length=60)


class ViewsAsked(forms.Form):
    page = forms.CharField(label="Path of a list below the client", required=False, max_length=120)


def _views(call: Call) -> QuerySet[SavedView]:
    """Views that everyone of the client's team sees."""
    return SavedView.objects.filter(is_shared=True, removed_at=None, **call.values)


def _save(call: Call, values: dict[str, Any]) -> SavedView:
    """Save a list with its filters for the whole team."""
    return save_view(
        page=page_below(call.client.slug, values["page"]),
        section=values["section"],
        query=kept_query(values.get("query", "")),
        name=values["name"],
        is_shared=True,
        is_pinned=False,
        owner=None,
        by=call.actor,
        now=call.now,
    )


def _rename(call: Call, values: dict[str, Any]) -> SavedView:
    """Give a shared view another name."""
    return change_view(
        _shared(call), name=values["name"], is_shared=True, by=call.actor, now=call.now
    )


def _delete(call: Call, values: dict[str, Any]) -> SavedView:
    """Take a shared view away from everyone; it can be put back."""
    delete_view(row := _shared(call), by=call.actor, now=call.now)
    return row


def _restore(call: Call, values: dict[str, Any]) -> SavedView:
    """Put a shared view back."""
    restore_view(row := _shared(call), by=call.actor, now=call.now)
    return row


def _shared(call: Call) -> SavedView:
    """One that the key may change: its own, and with the scope of who sets up the client any."""
    view = get_object_or_404(SavedView, pk=call.ids["pk"], is_shared=True)
    is_own = view.owner_id is None and view.owner_name == call.actor.label
    if not is_own and not call.may(Permission.CONNECT):
        raise Refusal("not_yours", f"“{view}” belongs to {view.owner_name}.")
    return view


VIEWS = client_endpoint(
    "saved_views",
    TAG,
    get=Listing(summary="List saved views", rows=_views, shape=ViewShape, filters=ViewsAsked),
    post=Action(
        summary="Save a view",
        do=_save,
        takes=ViewInput,
        shape=ViewShape,
        permission=Permission.COMMENT,
        status=201,
    ),
)
VIEW_DEEDS = {
    word: client_endpoint(
        f"{word}_saved_view",
        TAG,
        post=Action(
            summary=summary, do=do, takes=takes, shape=ViewShape, permission=Permission.COMMENT
        ),
    )
    for word, summary, do, takes in (
        ("rename", "Rename a view", _rename, ViewNameInput),
        ("delete", "Delete a view", _delete, None),
        ("restore", "Put a view back", _restore, None),
    )
}
