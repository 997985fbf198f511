"""Evidence packs: everything about paid use of one post, frozen at a moment (N21)."""

from typing import ClassVar

from django.db import models

from creators.models import Post
from sparkops.isolation.models import ClientOwned


class EvidencePack(ClientOwned):
    """One pack. `parts` collects finished sections while it is built, `progress` of `steps`.

    `document` is the finished JSON text, `sha256` the hash of its UTF-8 bytes, printed in `pdf`.
    """

    class State(models.TextChoices):
        BUILDING = "building", "Being built"
        READY = "ready", "Ready"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="evidence_packs")
    state = models.CharField(max_length=8, choices=State.choices, default=State.BUILDING)
    parts = models.JSONField(default=dict)
    progress = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField()
    document = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pdf = models.BinaryField(null=True)
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=200)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "post", "-id"], name="evidence_of_post"),
            models.Index(
                fields=["client", "id"],
                condition=models.Q(state="building"),
                name="evidence_building",
            ),
        ]

    def __str__(self) -> str:
        return f"Evidence of {self.post}"
