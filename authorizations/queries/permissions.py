"""Every permission that reaches a post, of all four kinds (N1)."""

from dataclasses import dataclass

from django.db.models import Q

from authorizations.models import Authorization
from creators.models import Post


@dataclass(frozen=True)
class KindOfPost:
    """One kind of permission on a post: its generations, newest first; empty when there is none.

    `reach` says what the kind covers besides the post.
    """

    label: str
    reach: str
    rows: tuple[Authorization, ...]


REACH = {
    Authorization.Kind.VIDEO_CODE: "this post only",
    Authorization.Kind.CONTENT_SUITE: "asked for inside TikTok",
    Authorization.Kind.ACCOUNT: "every post of the creator",
    Authorization.Kind.AFFILIATE_CREATIVE: "every affiliate post of the creator",
}

OF_ACCOUNT = ("account", "affiliate_creative", "content_suite")


def kinds_of_post(post: Post) -> list[KindOfPost]:
    """The four kinds side by side; links of the creator's account count for the post as well."""
    of_account = Q(post=None, creator=post.creator, kind__in=OF_ACCOUNT)
    rows = list(
        Authorization.objects.filter(Q(post=post) | of_account if post.creator else Q(post=post))
        .prefetch_related("redemptions__ad_account")
        .order_by("-generation", "-pk")
    )
    return [
        KindOfPost(kind.label, reach, tuple(row for row in rows if row.kind == kind))
        for kind, reach in REACH.items()
    ]
