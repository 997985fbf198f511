"""What a client asks of creators, version by version, and what each creator accepted."""

from datetime import date
from typing import ClassVar

from django.db import models

from authorizations.models.terms import UsageTerms
from authorizations.rules.terms_text import (
    Deal,
    Parties,
    TermsText,
    Window,
    window_from,
    written,
)
from creators.models import Creator, Post
from sparkops.isolation.models import ClientOwned


class TermsTemplate(ClientOwned):
    """Usage terms under a name of the client's own, such as "Standard 60 days"."""

    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="terms_template_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def latest(self) -> "TermsVersion | None":
        """The version that creators are asked to accept now."""
        return self.versions.order_by("-number").first()


class TermsVersion(ClientOwned):
    """One published version. Insert and read only, enforced by grants: a change is a new one.

    `days` is the length of use, counted from the day of acceptance in the client's zone;
    `hold_days` how long after it the post stays up. `wording` maps a language to its clauses, pairs
    of head and text with the parties and days left open (`rules.terms_text`).
    """

    class PayWhen(models.TextChoices):
        ACCEPTED = "accepted", "after the terms are accepted"
        CODE = "code", "after the code works"
        END = "end", "after the use ends"

    class Channel(models.TextChoices):
        SPARK = "spark", "TikTok, from the creator's account (Spark Ads)"
        SHOP = "shop", "TikTok Shop ads (GMV Max)"
        PARTNERS = "partners", "Partner apps of TikTok"
        META = "meta", "Instagram and Facebook"
        YOUTUBE = "youtube", "YouTube"
        OWN = "own", "Own website and e-mails"

    template = models.ForeignKey(TermsTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    covers_all_posts = models.BooleanField(default=False)
    edits = models.BooleanField(default=False)
    days = models.PositiveSmallIntegerField()
    channels = models.JSONField(default=list)
    regions = models.CharField(max_length=200, blank=True)
    spend_cap = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    hold_days = models.PositiveSmallIntegerField(default=0)
    renewal_days = models.PositiveSmallIntegerField(default=0)
    fee = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    pay_when = models.CharField(max_length=8, choices=PayWhen.choices, default=PayWhen.CODE)
    pay_days = models.PositiveSmallIntegerField(default=7)
    currency = models.CharField(max_length=3)
    disclosure = models.BooleanField(default=True)
    free_text = models.TextField(blank=True)
    wording = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "template", "number"], name="terms_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"

    @property
    def deal(self) -> Deal:
        """What the version asks, for the rules."""
        return Deal(
            covers_all_posts=self.covers_all_posts,
            edits=self.edits,
            days=self.days,
            channels=tuple(self.channels),
            regions=self.regions,
            spend_cap=self.spend_cap,
            hold_days=self.hold_days,
            renewal_days=self.renewal_days,
            fee=self.fee,
            pay_when=self.pay_when,
            pay_days=self.pay_days,
            currency=self.currency,
            disclosure=self.disclosure,
        )

    def text_for(
        self, creator: Creator, post: Post, *, client_name: str, language: str, first: date
    ) -> tuple[TermsText, Window]:
        """What this creator reads about this post when use begins on `first`, and its days."""
        window = window_from(self.deal, first)
        parties = Parties(client_name, creator.shown_handle, post.url)
        text = written(
            self.wording, self.free_text, language=language, parties=parties, window=window
        )
        return text, window


class TermsAcceptance(ClientOwned):
    """A creator's yes to one version, as it was shown. Insert and read only, enforced by grants.

    `text` is every character that was on the page, `text_hash` its SHA-256 in hex. `post` null
    means all posts. `address` and `user_agent` are those of the request, `signed_name` what was
    typed. `terms` is the row by which cover knows of it.
    """

    version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="acceptances")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="terms_acceptances")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="terms_acceptances"
    )
    terms = models.ForeignKey(UsageTerms, on_delete=models.PROTECT, related_name="acceptances")
    language = models.CharField(max_length=8)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField()
    hold_until = models.DateField()
    signed_name = models.CharField(max_length=160)
    accepted_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "creator", "-accepted_at"], name="acceptance_creator"),
            models.Index(fields=["client", "version"], name="acceptance_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version} accepted by {self.creator}"
