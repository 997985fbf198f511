"""Search or jump to: any object, page or deed within one's scope and permissions (U10)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sparkops.home.places import DEEDS, PLACES, permission_of
from sparkops.isolation.scope import client_scope
from sparkops.tenants.permissions import Permission, Role, role_may
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator, make_post, make_product

pytestmark = pytest.mark.django_db
HERE = "/c/glow/find/"


def browser_of(cast: Cast, role: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def hits(browser: Browser, word: str, path: str = HERE) -> dict[str, list[str]]:
    """Labels of what was found, by kind."""
    answer = browser.get(path, {"q": word})
    if answer.status_code == 403:
        return {}
    groups = answer.context["groups"]
    return {group.label: [hit.label for hit in group.hits] for group in groups}


def fill(cast: Cast) -> dict[str, Any]:
    with client_scope(cast.client.pk):
        mia = make_creator("mia.glows", display_name="Mia Rossi")
        mia.handles.create(handle="rossi.before", seen_at=NOW)
        post = make_post("mia.glows", product=make_product("Dew Serum"), caption="My routine")
        row = rights.authorized(post, ends_at=NOW, code=rights.CODE)
    with client_scope(cast.sister.pk):
        make_creator("mia.of.peak")
        make_post("mia.of.peak", product=make_product("Dew of Peak"), caption="My routine of Peak")
    with client_scope(cast.foreign.pk):
        make_creator("mia.of.strangers")
    return {"creator": mia, "post": post, "authorization": row}


def test_u10_a_word_finds_creators_posts_authorizations_products_and_pages(cast: Cast) -> None:
    """U10: by how a handle, a former handle or a name begins, by caption, title, id and link."""
    made = fill(cast)
    owner = browser_of(cast, "owner")
    for word in ("mia", "@MIA", "mia rossi", "rossi.bef"):
        assert hits(owner, word)["Creators"] == ["@mia.glows"], word
    item = made["post"].item_id
    for word in ("routine", "@mia", item, f"https://www.tiktok.com/@mia.glows/video/{item}"):
        assert hits(owner, word)["Posts"] == ["My routine"], word
    for word in ("routine", "mia", item):
        assert hits(owner, word)["Authorizations"] == ["My routine"], word
    assert hits(owner, "dew")["Products"] == ["Dew Serum"]
    assert hits(owner, "gua")["Pages"] == ["Guards", "Log of guards"]
    assert hits(owner, "spend ca")["Pages"] == ["Caps on spend"]
    assert hits(owner, "zzz") == {}
    links = [hit.url for one in owner.get(HERE, {"q": "mia"}).context["groups"] for hit in one.hits]
    assert [owner.get(url).status_code for url in links] == [200] * len(links)


def test_u10_nothing_of_another_client_is_found(cast: Cast) -> None:
    """U10: rows are the open client's; clients are those that the person may open."""
    fill(cast)
    owner = browser_of(cast, "owner")
    text = owner.get(HERE, {"q": "mia"}).content.decode()
    assert "mia.of.peak" not in text and "mia.of.strangers" not in text
    assert "Peak" not in str(hits(owner, "routine")) and "Peak" not in str(hits(owner, "dew"))
    assert hits(owner, "nutrition") == {"Clients": ["Peak Nutrition"]}
    assert hits(owner, "secret") == {}
    assert hits(owner, "glow", "/find/") == {"Clients": ["Glow Skincare"]}
    assert hits(owner, "secret", "/find/") == {}
    assert owner.get("/c/secret-brand/find/", {"q": "mia"}).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_u10_only_what_the_person_may_open_is_offered(cast: Cast, role: Role) -> None:
    """U10: a deed or page is there exactly when its gate lets the role in."""
    browser = browser_of(cast, role.value)
    for kind, places in (("Do", DEEDS), ("Pages", PLACES)):
        for place in places:
            path = reverse(place.name, kwargs={"client": "glow"})
            found = place.label in hits(browser, place.label).get(kind, [])
            assert found is role_may(role.value, Permission(permission_of(path))), place


def test_u10_nothing_typed_offers_deeds_and_pages(cast: Cast) -> None:
    assert list(hits(browser_of(cast, "owner"), "")) == ["Do", "Pages"]
    assert list(hits(browser_of(cast, "viewer"), " ")) == ["Do", "Pages"]
    for word in ("\x00", "%", "'", "x" * 5_000, "@", "_"):
        assert browser_of(cast, "viewer").get(HERE, {"q": word}).status_code == 200


def test_u10_the_palette_is_a_list_box_in_the_answer_to_htmx(cast: Cast) -> None:
    fill(cast)
    headers = {"HX-Request": "true", "HX-Target": "palette-results"}
    answer = browser_of(cast, "owner").get(HERE, {"q": "mia"}, headers=headers)
    text = answer.content.decode()
    assert text.count('role="listbox"') == 1 and "<html" not in text
    assert text.count('role="option"') == 3 and 'data-count="3 results"' in text


def test_finding_costs_the_same_for_many_rows_as_for_one(cast: Cast) -> None:
    fill(cast)
    owner = browser_of(cast, "owner")
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            owner.get(HERE, {"q": "mia"})
        counts.append(len(queries))
        with client_scope(cast.client.pk):
            for index in range(8):
                make_post(f"mia.{number}.{index}", product=make_product(f"P{index}"))
    assert counts[1] <= counts[0]
