"""Where clients of one agency meet: creators held exclusively, posts that two bid behind."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from creators.models import Creator, Post
from sparkops.isolation.models import ClientOwned


class Exclusivity(ClientOwned):
    """A creator works for this client alone, on the days from `starts_on` to `ends_on`, both
    included, in the client's zone. The agency's other clients learn the last day, not the name."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["client", "ends_on"],
                condition=Q(ended_at=None),
                name="exclusivity_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Exclusivity of {self.creator}"


class Collision(ClientOwned):
    """A creator or post of this client at which another client of the agency is, too.

    `subject` is TikTok's id of the creator (exclusive) or the post (bid). `ends_on` is the last day
    of the other's exclusivity, `ads` how many live ads others have behind the post. Nothing here
    tells who the other one is. With `over_at` it is no longer so; `accepted_at` is when a person
    said to go on in spite of it.
    """

    class Kind(models.TextChoices):
        EXCLUSIVE = "exclusive", "Exclusive elsewhere"
        BID = "bid", "Two bid behind one post"

    kind = models.CharField(max_length=9, choices=Kind.choices)
    subject = models.CharField(max_length=64)
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="+")
    ends_on = models.DateField(null=True)
    ads = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "kind", "subject"], name="collision_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-since", "-id"], name="collision_newest"),
        ]

    def __str__(self) -> str:
        return str(self.creator if self.kind == self.Kind.EXCLUSIVE else self.post)
