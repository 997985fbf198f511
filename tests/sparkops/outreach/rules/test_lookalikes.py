"""Look-alikes: who is best, what they have in common, and how like them somebody is."""

from decimal import Decimal

from sparkops.outreach.rules.lookalikes import Span, Traits, best_of, likeness, model_of

D = Decimal
THREE = [
    Traits(10_000, D(500), D(300), "US"),
    Traits(20_000, D(900), None, "US"),
    Traits(40_000, D(700), D(100), "US"),
]


def test_the_best_are_ten_by_value_above_zero() -> None:
    values = {n: D(n) for n in range(1, 15)} | {20: None, 21: D(-1), 22: D(0)}
    assert best_of(values) == [14, 13, 12, 11, 10, 9, 8, 7, 6, 5]
    assert best_of({2: D(1), 1: D(1)}) == [1, 2]


def test_a_model_needs_three_and_a_trait_needs_three_who_tell_it() -> None:
    assert model_of(THREE[:2]) is None
    model = model_of(THREE)
    assert model is not None
    assert model.spans == {
        "followers": Span(D(10_000), D(40_000)),
        "views": Span(D(500), D(900)),
    }
    assert model.regions == {"US"}


def test_likeness_is_the_mean_of_what_can_be_compared_and_says_why() -> None:
    model = model_of(THREE)
    assert model is not None
    same = likeness(model, Traits(15_000, D(600), D(5), "US"))
    assert same is not None and same.score == 100
    assert same.reasons == (
        "15,000 followers; your best have 10,000 to 40,000.",
        "600 views of a video; your best have 500 to 900.",
        "Same market: US.",
    )
    half = likeness(model, Traits(5_000, D(1_800), None, "US"))  # 0.5, 0.5 and 1 of 3
    assert half is not None and half.score == 67
    assert half.reasons[0] == "Same market: US."
    far = likeness(model, Traits(4_999, D(1_801), None, "DE"))
    assert far is not None and far.score == 0
    assert "Another market: DE." in far.reasons


def test_one_trait_alone_is_no_likeness() -> None:
    model = model_of(THREE)
    assert model is not None
    assert likeness(model, Traits(15_000)) is None
    assert likeness(model, Traits(gmv=D(200))) is None
    assert likeness(model, Traits()) is None
