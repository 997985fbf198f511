"""CT4: product link over hashtag over mention over keyword; doubt goes to a person."""

from creators.rules.matching import KnownCreator, PostFacts, ProductClues, matched

MAYA = KnownCreator("maya", "maya.makes", ("mayadoes",))
BEN = KnownCreator("ben", "ben.bakes")
SERUM = ProductClues("serum", "111", ("#GlowSerum",), ("@glowlab",), ("night serum", "serum"))
CREAM = ProductClues("cream", "222", ("glowcream", "glow"), ("@glowlab",), ("cream",))


def post(caption: str, *, handle: str = "maya.makes", products: tuple[str, ...] = ()) -> PostFacts:
    return PostFacts("7450000000000000123", handle, caption, products)


def match(facts: PostFacts):
    return matched(facts, [MAYA, BEN], [SERUM, CREAM])


def test_ct4_a_product_link_beats_every_other_clue() -> None:
    result = match(post("#glowcream @glowlab cream", products=("111",)))
    assert (result.creator, result.products, result.review) == ("maya", ("serum",), ())
    assert result.evidence[1].sentence == "The post links the product 111."


def test_ct4_several_product_links_are_several_products_and_no_doubt() -> None:
    result = match(post("", products=("111", "222")))
    assert (result.products, result.review) == (("serum", "cream"), ())


def test_ct4_hashtag_mention_and_keyword_in_that_order() -> None:
    assert match(post("cream for #glowserum")).products == ("serum",)
    assert match(post("my cream by @someone")).products == ("cream",)


def test_ct4_a_weak_clue_to_two_products_goes_to_review_with_both() -> None:
    result = match(post("thanks @GlowLab! cream"))
    assert result.products == ()
    assert [reason.code for reason in result.review] == ["product_ambiguous"]
    assert {one.key for one in result.evidence if one.kind == "mention"} == {"serum", "cream"}


def test_ct4_parts_of_words_are_no_clue() -> None:
    result = match(post("icecream #glowserums @glowlabs #cream"))
    assert [reason.code for reason in result.review] == ["product_unknown"]


def test_a_link_to_a_product_of_another_shop_is_said() -> None:
    result = match(post("", products=("999",)))
    assert result.review[0].code == "product_foreign"
    assert "999" in result.review[0].sentence


def test_ct4_never_silently_to_a_creator() -> None:
    former = match(post("serum", handle="mayadoes"))
    assert (former.creator, former.review[0].code) == ("", "author_renamed")
    unknown = match(post("serum with @ben.bakes", handle=""))
    assert (unknown.creator, unknown.review[0].code) == ("", "author_unknown")
    assert [one.key for one in unknown.evidence if one.kind == "named"] == ["ben"]
    new = match(post("serum", handle="zoe"))
    assert (new.creator, new.review[0].code) == ("", "author_new")
    twice = matched(post("serum"), [MAYA, KnownCreator("x", "maya.makes")], [SERUM])
    assert (twice.creator, twice.review[0].code) == ("", "author_twice")
