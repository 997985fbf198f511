"""Which rows are about posts whose cover surely lasts: a sieve before the rules are asked.

It decides nothing. What it lets through is looked at by `rules.cover`; what it leaves out is what
those rules would call covered until later, and a test compares the two. Of many thousand live ads
few have a clock that is about to end.
"""

from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from authorizations.models import Authorization, UsageTerms
from authorizations.rules.states import USABLE

_USABLE_WORDS = sorted(state.value for state in USABLE)
_PLAIN = (Authorization.Kind.VIDEO_CODE, Authorization.Kind.CONTENT_SUITE)
"""Kinds that rest on no collaboration and no product link."""
_ANY_ZONE = timedelta(days=1)
"""A day of the client's zone begins at most this long before or after the same day of UTC."""


def may_end(*, now: datetime, until: datetime) -> Q:
    """Rows (with a `post`) whose cover could end before `until`, in any zone.

    Left out are posts with a confirmed code that holds from before `now` to after `until`, under
    terms and a hold of the post's own that do as well, whatever else stands beside them.
    """
    of_post = Authorization.objects.filter(post=OuterRef("post"))
    code = of_post.filter(
        kind__in=_PLAIN,
        state__in=_USABLE_WORDS,
        end_source=Authorization.EndSource.API,
        starts_at__lte=now,
        ends_at__gt=until,
    )
    first, last = now.astimezone(UTC).date() - _ANY_ZONE, until.astimezone(UTC).date() + _ANY_ZONE
    terms = UsageTerms.objects.filter(
        post=OuterRef("post"), starts_on__lte=first, ends_on__gte=last, hold_until__gte=last
    )
    return ~Q(Exists(code)) | ~Q(Exists(terms))
