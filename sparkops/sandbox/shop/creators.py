"""The creator marketplace (contract 8.1 to 8.3)."""

import base64
import hashlib
from decimal import Decimal
from typing import Any

from sparkops.sandbox.world import Creator
from sparkops.sandbox.world.audience import views_until

from . import errors, fields, paging, products
from .gate import Call
from .values import ZERO, amount, fraction, money, ten_thousandths

PAGE_SIZES = (12, 20)
SEARCHES_PER_DAY = 10_000
GMV_RANGES = {
    "GMV_RANGE_0_100": (0, 100),
    "GMV_RANGE_100_1000": (100, 1000),
    "GMV_RANGE_1000_10000": (1000, 10000),
    "GMV_RANGE_10000_AND_ABOVE": (10000, None),
}
UNITS_RANGES = {
    "UNITS_SOLD_RANGE_0_10": (0, 10),
    "UNITS_SOLD_RANGE_10_100": (10, 100),
    "UNITS_SOLD_RANGE_100_1000": (100, 1000),
    "UNITS_SOLD_RANGE_1000_AND_ABOVE": (1000, None),
}
AGE_RANGES = (
    "AGE_RANGE_18_24",
    "AGE_RANGE_25_34",
    "AGE_RANGE_35_44",
    "AGE_RANGE_45_54",
    "AGE_RANGE_55_AND_ABOVE",
)
DATA_GROUPS = (
    "BASIC_CREATOR_INFORMATION",
    "CONTENT_PERFORMANCE",
    "FOLLOWER_INFORMATION",
    "COLLABORATION",
    "SALES_AND_GMV",
)
FILTER_OPTIONS = {
    "OPTION_VERTICAL_PRO": (products.BEAUTY,),
    "OPTION_LANGUAGE": ("en", "de", "fr", "es"),
    "OPTION_CREATOR_LEVEL": ("0", "1", "2", "3", "4"),
    "OPTION_SORTER": ("RELEVANCE", "GMV", "FOLLOWERS"),
    "OPTION_BRAND": (),
}
AVERAGE_UNIT_PRICE = Decimal(28)
ENGAGEMENT = 550
MOST_ENGAGEMENT = 20
POST_RATES = {"OK": Decimal("0.3"), "GOOD": Decimal("0.5"), "BETTER": Decimal("0.7")}


def search(call: Call) -> dict[str, Any]:
    """Creators of the shop's market; 10 000 searches per app and day."""
    _count_search(call)
    size = fields.exact_page_size(call.query, PAGE_SIZES)
    found = [creator for creator in _market(call) if _matches(call, creator)]
    shown, token = paging.page(
        found,
        size=size,
        token=fields.page_token(call.query),
        query=_page_key(call),
        position=lambda creator: (float(creator.gmv_30d), creator.open_id),
        descending=True,
    )
    return {
        "next_page_token": token,
        "search_key": _search_key(call),
        "creators": [_summary(call, creator) for creator in shown],
    }


def detail(call: Call) -> dict[str, Any]:
    """One creator by open id; `data_groups` limits what is told."""
    creator = by_open_id(call, call.params["creator_user_id"])
    groups = fields.comma_list(call.query, "data_groups") or list(DATA_GROUPS)
    unknown = [group for group in groups if group not in DATA_GROUPS]
    if unknown:
        raise errors.invalid_field("data_groups", f"must be of {', '.join(DATA_GROUPS)}")
    parts = {
        "BASIC_CREATOR_INFORMATION": _identity,
        "CONTENT_PERFORMANCE": _content,
        "FOLLOWER_INFORMATION": _followers,
        "COLLABORATION": _collaboration,
        "SALES_AND_GMV": _sales,
    }
    data: dict[str, Any] = {"creator_open_id": creator.open_id}
    for group in groups:
        data |= parts[group](call, creator)
    return {"creator": data}


def filters(call: Call) -> dict[str, Any]:
    """Allowed values of the search filters, in the form of the version asked for."""
    if "/202601/" in call.request.path:
        return {
            "advanced_filters": {
                "category_pro": list(FILTER_OPTIONS["OPTION_VERTICAL_PRO"]),
                "creator_level": list(FILTER_OPTIONS["OPTION_CREATOR_LEVEL"]),
                "language": list(FILTER_OPTIONS["OPTION_LANGUAGE"]),
            }
        }
    kind = fields.text(call.body, "option_type")
    if kind and kind not in FILTER_OPTIONS:
        raise errors.invalid_field("option_type", f"must be one of {', '.join(FILTER_OPTIONS)}")
    return {
        "options": [
            {"option_type": name, "values": list(values)}
            for name, values in FILTER_OPTIONS.items()
            if kind in ("", name)
        ]
    }


def by_open_id(call: Call, open_id: str) -> Creator:
    """The creator, of whatever market. Raises ShopError 45101003."""
    creator = call.world.creator_by_open_id(open_id)
    if creator is None:
        raise errors.not_found("creator")
    return creator


def avatar_url(creator: Creator) -> str:
    return f"https://p16-sandbox.example/avatar/{creator.id}~c5_720x720.webp"


def content_count(call: Call, creator: Creator) -> int:
    """Posts with a product link that are out by now."""
    return sum(1 for post in _posts(call, creator) if post.product_ids)


def average_views(call: Call, creator: Creator) -> int:
    posts = _posts(call, creator)
    views = sum(views_until(call.world, post, call.now) for post in posts)
    return round(views / len(posts)) if posts else 0


def _posts(call: Call, creator: Creator) -> list[Any]:
    return [
        post
        for post in call.world.posts.values()
        if post.creator_id == creator.id and post.exists(call.now)
    ]


def _market(call: Call) -> list[Creator]:
    return [one for one in call.world.creators.values() if one.market == call.shop.region]


def _count_search(call: Call) -> None:
    day = f"creator_search:{call.query['app_key']}:{call.now:%Y-%m-%d}"
    counters = call.world.counters
    counters[day] = counters.get(day, 0) + 1
    if counters[day] > SEARCHES_PER_DAY:
        raise errors.creator_search_quota()


def _page_key(call: Call) -> list[Any]:
    path, query, body = call.page_key()
    return [path, query, {name: value for name, value in body.items() if name != "search_key"}]


def _search_key(call: Call) -> str:
    """The cache key of a search: equal for all its pages."""
    raw = hashlib.sha256(repr(_page_key(call)).encode()).digest()
    return base64.b64encode(raw).decode()


def _matches(call: Call, creator: Creator) -> bool:
    body = call.body
    keyword = fields.text(body, "keyword").lower()
    followers = fields.child(fields.child(body, "follower_demographics"), "count_range")
    least = fields.whole_number(followers, "count_ge")
    most = fields.whole_number(followers, "count_le")
    names = f"{creator.handle} {creator.display_name}".lower()
    return (
        keyword in names
        and _in_ranges(body, "gmv_ranges", GMV_RANGES, creator.gmv_30d)
        and _in_ranges(body, "units_sold_ranges", UNITS_RANGES, Decimal(_units(creator)))
        and (least is None or creator.follower_count >= least)
        and (most is None or creator.follower_count <= most)
        and _fits_gender(call, creator)
        and _fits_ages(call, creator)
        and _fits_invitation(call, creator)
        and _fits_category(call)
        and _fits_content(call, creator)
        and _fits_program(call, creator)
    )


def _in_ranges(
    body: dict[str, Any],
    name: str,
    ranges: dict[str, tuple[int, int | None]],
    value: Decimal,
) -> bool:
    asked = fields.texts(body, name)
    if any(word not in ranges for word in asked):
        raise errors.invalid_field(name, f"must be of {', '.join(ranges)}")
    bounds = [ranges[word] for word in asked]
    return not asked or any(low <= value and (high is None or value < high) for low, high in bounds)


def _fits_gender(call: Call, creator: Creator) -> bool:
    wish = fields.child(fields.child(call.body, "follower_demographics"), "gender_distribution")
    gender = fields.text(wish, "gender")
    least = fields.whole_number(wish, "percentage_ge") or 0
    if not gender:
        return True
    shares = {"FEMALE": _female(call, creator), "MALE": 1 - _female(call, creator)}
    if gender not in shares:
        raise errors.invalid_field("gender", "must be MALE or FEMALE")
    return ten_thousandths(shares[gender]) >= least


def _fits_ages(call: Call, creator: Creator) -> bool:
    ages = fields.texts(fields.child(call.body, "follower_demographics"), "age_ranges")
    if any(age not in AGE_RANGES for age in ages):
        raise errors.invalid_field("age_ranges", f"must be of {', '.join(AGE_RANGES)}")
    return not ages or bool(set(ages) & set(_top_ages(call, creator)))


def _fits_invitation(call: Call, creator: Creator) -> bool:
    affiliate = fields.child(call.body, "affiliate_data")
    if not fields.flag(affiliate, "not_invited_l90_days", default=False):
        return True
    return not _was_invited(call, creator)


def _fits_category(call: Call) -> bool:
    """Creators of a market sell what its shops do; a child needs its parent."""
    asked = fields.objects(call.body, "category")
    parents = [fields.text(one, "parent_category_id") for one in asked]
    if not all(parents):
        raise errors.invalid_field("parent_category_id", "is needed")
    return not asked or bool(set(parents) & set(products.market_categories(call)))


def _fits_content(call: Call, creator: Creator) -> bool:
    asked = fields.child(call.body, "content_performance")
    views = [fields.text(asked, name) for name in ("avg_video_views", "avg_shoppable_video_views")]
    if all(views):
        raise errors.invalid_field("avg_video_views", "excludes avg_shoppable_video_views")
    names = ("avg_engagement_rate", "avg_shopable_engagement_rate")
    rates = [fields.text(asked, name) for name in names]
    given = [one for one in (*views, *rates) if one]
    if not all(one.isdigit() for one in given):
        raise errors.invalid_field("content_performance", "takes whole numbers as strings")
    if any(int(one) > MOST_ENGAGEMENT for one in rates if one):
        raise errors.invalid_field("avg_engagement_rate", f"is at most {MOST_ENGAGEMENT}")
    return all(average_views(call, creator) >= int(one) for one in views if one) and all(
        int(one) * 100 <= ENGAGEMENT for one in rates if one
    )


def _fits_program(call: Call, creator: Creator) -> bool:
    asked = fields.child(call.body, "affiliate_data")
    agency, rate = fields.text(asked, "creator_agency_staus"), fields.text(asked, "post_rate")
    if agency not in ("", "ALL", "AGENCY_MANAGED", "INDEPENDENT"):
        raise errors.invalid_field("creator_agency_staus", "is unknown")
    if rate not in ("", "All", *POST_RATES):
        raise errors.invalid_field("post_rate", "is unknown")
    grows = fields.flag(asked, "is_fast_growing", default=False)
    return (
        agency != "AGENCY_MANAGED"
        and creator.fulfilment_rate >= POST_RATES.get(rate, ZERO)
        and (not grows or _is_growing(creator))
    )


def _is_growing(creator: Creator) -> bool:
    return creator.follower_count % 5 == 0


def _was_invited(call: Call, creator: Creator) -> bool:
    return any(
        invited.creator_id == creator.id and invited.invited_at <= call.now
        for plan in call.world.target_collaborations.values()
        if plan.shop_id == call.shop.id
        for invited in plan.creators
    )


def _has_worked(call: Call, creator: Creator) -> bool:
    brand = call.world.brand_of_shop(call.shop.id).key
    return any(post.brand_key == brand for post in _posts(call, creator))


def _summary(call: Call, creator: Creator) -> dict[str, Any]:
    units = _units(creator)
    data = {
        "creator_open_id": creator.open_id,
        "username": creator.handle,
        "nickname": creator.display_name,
        "avatar": {"url": avatar_url(creator)},
        "selection_region": creator.market,
        "category_ids": products.market_categories(call),
        "follower_count": creator.follower_count,
        "avg_ec_video_view_count": average_views(call, creator),
        "avg_ec_live_uv": 0,
        "units_sold_range": _range(units, _units_bounds(units)),
        "top_follower_demographics": {
            "age_ranges": _top_ages(call, creator),
            "major_gender": _major_gender(call, creator),
        },
        "creator_profile": {
            "is_official_recommend": False,
            "creator_bind_mcn_name": "",
            "is_fast_growing": _is_growing(creator),
            "has_collaborated": _has_worked(call, creator),
            "user_type_tag": [1],
            "has_invited_90d": _was_invited(call, creator),
            "is_creator_blocked": False,
            "pps_score": amount(_rating(call, creator)),
            "is_eligible_flat_fee": False,
            "is_rising_star": False,
            "creator_level": min(4, len(str(creator.follower_count)) - 3),
        },
    }
    return data | _gmv(call, creator)


def withholds_gmv(creator: Creator) -> bool:
    """A third of the US creators shows a range instead of the exact figure."""
    return creator.market == "US" and hashlib.sha256(creator.id.encode()).digest()[0] % 3 == 0


def _gmv(call: Call, creator: Creator) -> dict[str, Any]:
    currency = call.shop.currency
    if withholds_gmv(creator):
        low, high = _gmv_bounds(creator.gmv_30d)
        return {
            "gmv_range": {
                "currency": currency,
                "minimum_amount": str(low),
                "maximum_amount": str(high),
                "formatted_range": f"${_short(low)}-${_short(high)}",
            }
        }
    return {
        "gmv": money(creator.gmv_30d, currency),
        "video_gmv": money(creator.gmv_30d, currency),
        "live_gmv": money(ZERO, currency),
    }


def _identity(call: Call, creator: Creator) -> dict[str, Any]:
    return {
        "username": creator.handle,
        "nickname": creator.display_name,
        "bio_description": "",
        "avatar": {"url": avatar_url(creator)},
        "profile_tt_uri": f"https://www.tiktok.com/@{creator.handle}",
        "selection_region": creator.market,
        "category_ids": products.market_categories(call),
        "follower_count": creator.follower_count,
    }


def _content(call: Call, creator: Creator) -> dict[str, Any]:
    views = average_views(call, creator)
    return {
        "ec_video_count": content_count(call, creator),
        "ec_live_count": 0,
        "avg_ec_video_play_count": views,
        "avg_ec_video_like_count": views // 20,
        "avg_ec_video_comment_count": views // 300,
        "avg_ec_video_share_count": views // 500,
        "ec_video_engagement_rate": ENGAGEMENT,
        "avg_ec_live_uv": 0,
        "avg_ec_live_like_count": 0,
        "avg_ec_live_comment_count": 0,
        "avg_ec_live_share_count": 0,
        "ec_live_engagement_rate": 0,
    }


def _followers(call: Call, creator: Creator) -> dict[str, Any]:
    female = _female(call, creator)
    ages = _age_shares(call, creator)
    return {
        "follower_age": [{"key": name, "value": fraction(part)} for name, part in ages.items()],
        "follower_gender": [
            {"key": "FEMALE", "value": fraction(female)},
            {"key": "MALE", "value": fraction(1 - female)},
        ],
        "follower_location": [{"key": creator.market, "value": "1"}],
    }


def _collaboration(call: Call, creator: Creator) -> dict[str, Any]:
    posts = _posts(call, creator)
    products = {product_id for post in posts for product_id in post.product_ids}
    return {
        "brand_collaboration_count": len({post.brand_key for post in posts}),
        "top_collaborated_brand_ids": [],
        "promoted_product_num": len(products),
        "avg_commission_rate": 1500,
        "post_rate": int(creator.fulfilment_rate * 10000),
        "pps": amount(_rating(call, creator)),
        "rating": amount(_rating(call, creator)),
    }


def _sales(call: Call, creator: Creator) -> dict[str, Any]:
    currency = call.shop.currency
    data = _gmv(call, creator)
    if "gmv" in data:
        per_mille = (creator.gmv_30d / max(1, creator.follower_count) * 1000).quantize(
            Decimal("0.01")
        )
        data |= {
            "gpm": money(per_mille, currency),
            "video_gpm": money(per_mille, currency),
            "live_gpm": money(ZERO, currency),
            "units_sold": _units(creator),
            "avg_gmv_per_buyer": money(AVERAGE_UNIT_PRICE, currency),
        }
    else:
        units = _units(creator)
        data["units_sold_range"] = _range(units, _units_bounds(units))
    return data | {
        "category_gmv_distribution": [{"key": products.market_categories(call)[0], "value": "1"}],
        "content_gmv_distribution": [
            {"key": "VIDEO", "value": "1"},
            {"key": "LIVE", "value": "0"},
            {"key": "SHOWCASE", "value": "0"},
        ],
    }


def _units(creator: Creator) -> int:
    return int(creator.gmv_30d / AVERAGE_UNIT_PRICE)


def _range(value: int, bounds: tuple[int, int]) -> dict[str, Any]:
    low, high = bounds
    return {
        "minimum_amount": low,
        "maximum_amount": high,
        "formatted_range": f"{_short(low)}-{_short(high)}",
    }


def _units_bounds(units: int) -> tuple[int, int]:
    return next((b for b in ((0, 10), (10, 100), (100, 1000)) if units < b[1]), (1000, 10000))


def _gmv_bounds(gmv: Decimal) -> tuple[int, int]:
    return next((b for b in ((0, 100), (100, 1000), (1000, 10000)) if gmv < b[1]), (10000, 100000))


def _short(number: int) -> str:
    return f"{number // 1000}K" if number >= 1000 else str(number)


def _female(call: Call, creator: Creator) -> Decimal:
    draw = call.world.random("followers", creator.id)
    return Decimal(draw.randint(4200, 8800)) / 10000


def _major_gender(call: Call, creator: Creator) -> dict[str, Any]:
    female = _female(call, creator)
    gender, part = ("FEMALE", female) if female >= Decimal("0.5") else ("MALE", 1 - female)
    return {"gender": gender, "percentage": ten_thousandths(part)}


def _age_shares(call: Call, creator: Creator) -> dict[str, Decimal]:
    draw = call.world.random("ages", creator.id)
    weights = [draw.randint(20, 45), draw.randint(25, 45), draw.randint(8, 20), 6, 3]
    parts = [Decimal(weight) / sum(weights) for weight in weights]
    rounded = [part.quantize(Decimal("0.0001")) for part in parts[:-1]]
    return dict(zip(AGE_RANGES, [*rounded, 1 - sum(rounded, ZERO)], strict=True))


def _top_ages(call: Call, creator: Creator) -> list[str]:
    shares = _age_shares(call, creator)
    return sorted(sorted(shares, key=lambda name: -shares[name])[:2])


def _rating(call: Call, creator: Creator) -> Decimal:
    return Decimal(call.world.random("pps", creator.id).randint(30, 49)) / 10
