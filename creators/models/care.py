"""How a team looks after creators: tags, changes to many at once, and who is blocked."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from creators.models.creator import Creator
from sparkops.isolation.models import ClientOwned


class CreatorTag(ClientOwned):
    """A word that people put on a creator, in lower case."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "creator", "name"], name="creator_tag_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "name", "creator"], name="creator_tag_name"),
        ]

    def __str__(self) -> str:
        return self.name


class CreatorBatch(ClientOwned):
    """What was done with many creators at once, so that it can be undone.

    `before` maps the own id of each creator that changed to the owner or tier before (null for no
    owner); for a tag it is null. What was so already is not in it.
    """

    class Kind(models.TextChoices):
        TAG = "tag", "Tagged"
        ASSIGN = "assign", "Assigned"
        TIER = "tier", "Put into a tier"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    tag = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=8, choices=Creator.Tier.choices, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    chosen = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.changed} creators"


class Block(ClientOwned):
    """Why nobody works with a creator (domain 5.5): `reason` in a sentence, `evidence` as links or
    what was seen. One that was lifted stays readable; a creator has one that counts."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="blocks")
    reason = models.CharField(max_length=300)
    evidence = models.TextField(blank=True)
    blocked_at = models.DateTimeField()
    blocked_by = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "creator"],
                condition=Q(lifted_at=None),
                name="one_block_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"Block of {self.creator}"
