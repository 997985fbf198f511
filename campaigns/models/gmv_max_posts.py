"""Which posts a person put into a GMV Max campaign or took out of it (TA6)."""

from typing import ClassVar

from django.db import models

from campaigns.models.ads import Campaign
from creators.models import Post
from sparkops.isolation.models import ClientOwned


class GmvMaxChoice(ClientOwned):
    """The last decision about one post in one campaign; asking the other way undoes it."""

    class State(models.TextChoices):
        ASKED = "asked", "On its way to TikTok"
        DONE = "done", "Done"
        REFUSED = "refused", "Not done"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="choices")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="gmv_max_choices")
    included = models.BooleanField()
    state = models.CharField(max_length=7, choices=State.choices)
    why_not = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "campaign", "post"], name="gmv_max_choice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} in {self.campaign}"
