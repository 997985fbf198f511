"""What is asked of the marketplace, against the table of contract 8.2."""

from creators.rules.market import Wish, body_of, words_of


def test_every_filter_stands_where_the_contract_puts_it() -> None:
    wish = Wish(
        keyword="maya",
        category="601450",
        followers_least=1_000,
        followers_most=50_000,
        gmv=("GMV_RANGE_100_1000", "GMV_RANGE_1000_10000"),
        units=("UNITS_SOLD_RANGE_10_100",),
        ages=("AGE_RANGE_18_24",),
        gender="FEMALE",
        gender_share=60,
        views_least=500,
        engagement_least=5,
        post_rate="GOOD",
        agency="INDEPENDENT",
        is_growing=True,
        not_invited=True,
    )
    assert body_of(wish) == {
        "gmv_ranges": ["GMV_RANGE_100_1000", "GMV_RANGE_1000_10000"],
        "units_sold_ranges": ["UNITS_SOLD_RANGE_10_100"],
        "follower_demographics": {
            "count_range": {"count_ge": 1_000, "count_le": 50_000},
            "age_ranges": ["AGE_RANGE_18_24"],
            "gender_distribution": {"gender": "FEMALE", "percentage_ge": 6_000},
        },
        "category": [{"parent_category_id": "601450"}],
        "content_performance": {"avg_video_views": "500", "avg_engagement_rate": "5"},
        "affiliate_data": {
            "creator_agency_staus": "INDEPENDENT",
            "is_fast_growing": True,
            "not_invited_l90_days": True,
            "post_rate": "GOOD",
        },
    }
    assert Wish.of(wish.kept()) == wish


def test_what_is_not_asked_is_not_sent() -> None:
    assert body_of(Wish()) == {}
    assert Wish().kept() == {}
    assert body_of(Wish(followers_least=0)) == {
        "follower_demographics": {"count_range": {"count_ge": 0}}
    }


def test_a_stored_wish_of_another_version_is_read_as_far_as_it_goes() -> None:
    assert Wish.of({"keyword": "maya", "moon": "full"}) == Wish(keyword="maya")


def test_a_wish_is_told_in_words() -> None:
    wish = Wish(
        keyword="maya", category="601450", followers_most=50_000, gmv=("GMV_RANGE_0_100",),
        not_invited=True,
    )  # fmt: skip
    assert words_of(wish, {"601450": "Beauty"}) == [
        "“maya”", "sells in Beauty", "at most 50,000 followers", "GMV under 100",
        "not invited in 90 days",
    ]  # fmt: skip


def test_a_category_that_is_not_known_is_told_by_its_number() -> None:
    assert words_of(Wish(category="700437"), {}) == ["sells in category 700437"]
