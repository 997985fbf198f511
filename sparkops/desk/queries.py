"""Which views a person sees, and how they want their tables."""

from django.db.models import F, FilteredRelation, Q, QuerySet

from sparkops.accounts.models import User
from sparkops.desk.models import SavedView, TableLook
from sparkops.web.looks import Look

MOST = 300
"""Views that a person is shown of one client."""


def views_of(user: User) -> QuerySet[SavedView]:
    """A person's own views and those shared with the team, with `is_pinned` and `is_default` of
    that person: True, False, or None where the person never chose."""
    return (
        SavedView.objects.filter(Q(owner=user) | Q(is_shared=True), removed_at=None)
        .annotate(use=FilteredRelation("uses", condition=Q(uses__user=user)))
        .annotate(is_pinned=F("use__is_pinned"), is_default=F("use__is_default"))
        .order_by("section", "name", "pk")
    )


def removed_view(user: User, pk: int) -> SavedView | None:
    """A view that can be put back: the person's own, or a shared one."""
    rows = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True))
    return rows.filter(pk=pk).exclude(removed_at=None).first()


def look_of(user: User, table: str) -> Look:
    """What a person chose for a table; the table's own where they chose nothing."""
    found = TableLook.objects.filter(user=user, table=table).first()
    return Look(tuple(found.columns), found.is_dense) if found else Look()
