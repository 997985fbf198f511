"""What is asked of the creator marketplace (Shop contract 8.2), in people's words and TikTok's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

GMV_RANGES = {
    "GMV_RANGE_0_100": "Under 100",
    "GMV_RANGE_100_1000": "100 to 1,000",
    "GMV_RANGE_1000_10000": "1,000 to 10,000",
    "GMV_RANGE_10000_AND_ABOVE": "10,000 and more",
}
UNITS_RANGES = {
    "UNITS_SOLD_RANGE_0_10": "Under 10",
    "UNITS_SOLD_RANGE_10_100": "10 to 100",
    "UNITS_SOLD_RANGE_100_1000": "100 to 1,000",
    "UNITS_SOLD_RANGE_1000_AND_ABOVE": "1,000 and more",
}
AGE_RANGES = {
    "AGE_RANGE_18_24": "18 to 24",
    "AGE_RANGE_25_34": "25 to 34",
    "AGE_RANGE_35_44": "35 to 44",
    "AGE_RANGE_45_54": "45 to 54",
    "AGE_RANGE_55_AND_ABOVE": "55 and older",
}
GENDERS = {"FEMALE": "Women", "MALE": "Men"}
POST_RATES = {"OK": "Fair", "GOOD": "Good", "BETTER": "Better"}
AGENCIES = {"INDEPENDENT": "Independent", "AGENCY_MANAGED": "Managed by an agency"}
MOST_ENGAGEMENT = 20
"""TikTok takes whole percent up to this."""

_HUNDREDTHS = 100  # of a percent: TikTok's shares of genders are integers times 10,000


@dataclass(frozen=True)
class Wish:
    """Filters of a search; empty or None asks for nothing. Shares and rates are whole percent."""

    keyword: str = ""
    category: str = ""
    followers_least: int | None = None
    followers_most: int | None = None
    gmv: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    gender: str = ""
    gender_share: int | None = None
    views_least: int | None = None
    engagement_least: int | None = None
    post_rate: str = ""
    agency: str = ""
    is_growing: bool = False
    not_invited: bool = False

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Wish":
        """A wish as it was stored by `kept`."""
        names = {one.name for one in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
            if name in names
        }
        return cls(**values)

    def kept(self) -> dict[str, Any]:
        """What is asked, for a JSON column."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in found.items()
            if value not in ("", None, (), False)
        }


def body_of(wish: Wish) -> dict[str, Any]:
    """The body of TikTok's search; its spelling `creator_agency_staus` is TikTok's."""
    return _filled(
        {
            "gmv_ranges": list(wish.gmv),
            "units_sold_ranges": list(wish.units),
            "follower_demographics": _audience(wish),
            "category": [{"parent_category_id": wish.category}] if wish.category else [],
            "content_performance": _filled(
                {
                    "avg_video_views": _text(wish.views_least),
                    "avg_engagement_rate": _text(wish.engagement_least),
                }
            ),
            "affiliate_data": _filled(
                {
                    "creator_agency_staus": wish.agency,
                    "is_fast_growing": wish.is_growing,
                    "not_invited_l90_days": wish.not_invited,
                    "post_rate": wish.post_rate,
                }
            ),
        }
    )


def words_of(wish: Wish, categories: Mapping[str, str]) -> list[str]:
    """The filters as a person reads them; `categories` are names by TikTok's numbers."""
    return list(_words(wish, categories))


def _audience(wish: Wish) -> dict[str, Any]:
    gender: dict[str, Any] = {}
    if wish.gender:
        share = (wish.gender_share or 0) * _HUNDREDTHS
        gender = {"gender": wish.gender, "percentage_ge": share}
    count = {"count_ge": wish.followers_least, "count_le": wish.followers_most}
    return _filled(
        {
            "count_range": {name: one for name, one in count.items() if one is not None},
            "age_ranges": list(wish.ages),
            "gender_distribution": gender,
        }
    )


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _text(number: int | None) -> str:
    return str(number) if number else ""


def _words(wish: Wish, categories: Mapping[str, str]) -> Iterator[str]:
    if wish.keyword:
        yield f"“{wish.keyword}”"
    if wish.category:
        yield f"sells in {categories.get(wish.category, f'category {wish.category}')}"
    if wish.followers_least is not None:
        yield f"at least {wish.followers_least:,} followers"
    if wish.followers_most is not None:
        yield f"at most {wish.followers_most:,} followers"
    if wish.gmv:
        yield f"GMV {_either(wish.gmv, GMV_RANGES)}"
    if wish.units:
        yield f"units {_either(wish.units, UNITS_RANGES)}"
    if wish.ages:
        yield f"followers aged {_either(wish.ages, AGE_RANGES)}"
    if wish.gender:
        yield f"{GENDERS.get(wish.gender, wish.gender)} at least {wish.gender_share or 0} %"
    if wish.views_least:
        yield f"at least {wish.views_least:,} views a video"
    if wish.engagement_least:
        yield f"engagement at least {wish.engagement_least} %"
    if wish.post_rate:
        yield f"post rate {POST_RATES.get(wish.post_rate, wish.post_rate).lower()}"
    if wish.agency:
        yield AGENCIES.get(wish.agency, wish.agency).lower()
    if wish.is_growing:
        yield "fast growing"
    if wish.not_invited:
        yield "not invited in 90 days"


def _either(chosen: tuple[str, ...], labels: dict[str, str]) -> str:
    return " or ".join(labels.get(one, one).lower() for one in chosen)
