"""Saved views of a client's lists, what each person does with them, and the looks of tables."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from sparkops.isolation.models import ClientOwned


class SavedView(ClientOwned):
    """A list with its filters, under a name.

    `page` is the list's path below the client, `section` what people call that list, `query` its
    filters as in the address. A view that was deleted keeps its row, so that it can be put back.
    """

    page = models.CharField(max_length=120)
    section = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2_000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    owner_name = models.CharField(max_length=200)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "owner", "page", "name"],
                name="view_named_once",
                condition=Q(removed_at=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "page", "name"], name="view_of", condition=Q(removed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ViewUse(ClientOwned):
    """What one person does with a view: pinned to the menu, or opened instead of the bare list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="uses")
    page = models.CharField(max_length=120)
    is_pinned = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "user", "view"], name="view_used_once"),
            models.UniqueConstraint(
                fields=["client", "user", "page"],
                name="one_default_view",
                condition=Q(is_default=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.view} of {self.user}"


class TableLook(models.Model):
    """The columns and the density one person chose for one table, in all clients."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=60)
    columns = models.JSONField(default=list)
    is_dense = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "table"], name="one_look_a_table"),
        ]

    def __str__(self) -> str:
        return f"{self.table} of {self.user}"
