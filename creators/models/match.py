"""By what posts are tied to products where no link says it, and what a person has to decide."""

from typing import ClassVar

from django.db import models

from creators.models.post import Post
from sparkops.catalog.models import Product
from sparkops.isolation.models import ClientOwned


class MatchClues(ClientOwned):
    """Words by which posts show that they are about a product: hashtags without #, mentions
    without @, and keywords, in lower case."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="match_clues")
    hashtags = models.JSONField(default=list)
    mentions = models.JSONField(default=list)
    keywords = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "product"], name="match_clues_once"),
        ]

    def __str__(self) -> str:
        return f"Words of {self.product}"


class PostMatch(ClientOwned):
    """What a post is about, by the strongest clue (CT4); links stay in `PostProduct`.

    `product` is null while nothing certain was found. `reasons` are sentences of what a person has
    to decide, `evidence` of what speaks for whom: `{"sentence", "creator" or "product": own id}`.
    """

    class State(models.TextChoices):
        CERTAIN = "certain", "Matched"
        REVIEW = "review", "To decide"
        DECIDED = "decided", "Decided"
        NOTHING = "nothing", "Nothing found"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="matches")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices)
    kind = models.CharField(max_length=12, blank=True)
    reasons = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    seen_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "post"], name="post_match_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "state", "-seen_at", "-id"], name="post_match_state"),
        ]

    def __str__(self) -> str:
        return f"Match of {self.post}"
