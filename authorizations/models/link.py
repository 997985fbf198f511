"""A creator's own way in, without an account, to one post."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from authorizations.models.authorization import Authorization
from authorizations.models.terms_versions import TermsTemplate
from creators.models import Creator, Post
from sparkops.isolation.models import ClientOwned


class CreatorLink(ClientOwned):
    """One link to one creator about one post. Only a hash of its secret is stored.

    Which client a secret belongs to is answered by a function of the database, for one whole hash
    at a time: no role can list links across clients. `language` is what the creator chose, "" until
    then.
    """

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="links")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="links")
    template = models.ForeignKey(TermsTemplate, on_delete=models.PROTECT, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "post", "-created_at"], name="creator_link_post"),
        ]

    def __str__(self) -> str:
        return f"Link of {self.creator}"

    def works(self, now: datetime) -> bool:
        """Whether it is neither revoked nor past its end."""
        return self.revoked_at is None and self.expires_at > now


class LinkHandIn(ClientOwned):
    """A code that came through a link. The post of the code is known once TikTok has said it."""

    link = models.ForeignKey(CreatorLink, on_delete=models.CASCADE, related_name="hand_ins")
    authorization = models.ForeignKey(Authorization, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "link", "-at"], name="link_hand_in_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.authorization} through {self.link}"
