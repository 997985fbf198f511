"""N6: two looks at a post tell what happened to it in between."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from authorizations.rules.watch import Kind, Seen, changes, extension, still_holds

NOW = datetime(2026, 9, 10, 18, 0, tzinfo=UTC)
FINE = Seen("HESITATE_RECOMMEND", "AUTHORIZED", NOW, "glow", ("1", "2"), ("US",))


@pytest.mark.parametrize(
    ("what", "kind", "says"),
    [
        ({"post_word": "USER_DELETE"}, Kind.DELETED, "USER_DELETE"),
        ({"post_word": "AUDIT_DELETE"}, Kind.REMOVED, "AUDIT_DELETE"),
        ({"post_word": "ONLY_USER_PASS"}, Kind.REMOVED, "ONLY_USER_PASS"),
        ({"post_word": "ONLY_AUTHOR_SEE"}, Kind.PRIVATE, "ONLY_AUTHOR_SEE"),
        ({"post_word": "ONLY_FRIEND_SEE"}, Kind.PRIVATE, "ONLY_FRIEND_SEE"),
        ({"authorization_word": "UNAUTHORIZED"}, Kind.REVOKED, "UNAUTHORIZED"),
        ({"authorization_word": "SOMETHING_NEW"}, Kind.REVOKED, "SOMETHING_NEW"),
        ({"products": ("1",)}, Kind.LINK_LOST, ""),
        ({"caption": "buy now"}, Kind.CAPTION, ""),
        ({"regions": ("GB",)}, Kind.REGION, ""),
    ],
)
def test_each_change_is_found_once_with_tiktok_s_words(
    what: dict[str, object], kind: Kind, says: str
) -> None:
    later = replace(FINE, **what)  # type: ignore[arg-type]
    [found] = changes(FINE, later)
    assert (found.kind, found.says) == (kind, says)
    assert found.before != found.after
    assert changes(later, later) == ()


def test_nothing_is_news_at_the_first_look_or_when_nothing_changed() -> None:
    assert changes(None, replace(FINE, post_word="USER_DELETE")) == ()
    assert changes(FINE, FINE) == ()


def test_an_end_is_no_revocation() -> None:
    assert changes(FINE, replace(FINE, authorization_word="EXPIRED")) == ()


def test_a_deleted_post_reports_no_links_and_that_says_nothing_more() -> None:
    gone = replace(FINE, post_word="USER_DELETE", products=(), regions=(), caption="")
    assert [one.kind for one in changes(FINE, gone)] == [Kind.DELETED]


def test_a_state_is_over_when_tiktok_says_otherwise() -> None:
    private = replace(FINE, post_word="ONLY_AUTHOR_SEE")
    assert still_holds(Kind.PRIVATE, (), private)
    assert not still_holds(Kind.PRIVATE, (), FINE)
    assert still_holds(Kind.LINK_LOST, ("1", "2"), replace(FINE, products=("1",)))
    assert not still_holds(Kind.LINK_LOST, ("1",), FINE)


def test_an_extension_is_news_only_without_a_request() -> None:
    later = datetime(2026, 10, 1, tzinfo=UTC)
    assert extension(NOW, later, asked=True) is None
    found = extension(NOW, later, asked=False)
    assert found is not None
    assert found.after == "01 Oct 2026 00:00 UTC"
