"""Saved views of lists: own and shared, pinned, opened first, deleted and put back (U3)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from sparkops.audit.models import Event
from sparkops.desk.models import SavedView
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.creators import make_creator

pytestmark = pytest.mark.django_db
LIST, VIEWS = "/c/glow/creators/", "/c/glow/views/"
OVERDUE = "q=mia&view=overdue&sort=-gmv&cursor=abc&posted="


def browser_of(cast: Cast, role: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def save(browser: Browser, name: str = "Late ones", **more: str) -> Any:
    sent = {"page": "creators/", "query": OVERDUE, "section": "Creators", "name": name, **more}
    return browser.post(f"{VIEWS}new/", sent)


def saved(cast: Cast, name: str = "Late ones") -> SavedView:
    with client_scope(cast.client.pk):
        return SavedView.objects.get(name=name)


def text_of(browser: Browser, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_u3_a_view_keeps_filters_that_combine_and_its_address_opens_them(cast: Cast) -> None:
    """U3: search, tab and order come back; the place in the list and empty filters do not."""
    with client_scope(cast.client.pk):
        make_creator("mia")
    affiliate = browser_of(cast, "affiliate")
    answer = save(affiliate)
    assert answer.headers["Location"] == f"{LIST}?q=mia&view=overdue&sort=-gmv"
    view = saved(cast)
    assert affiliate.get(f"{VIEWS}{view.pk}/").headers["Location"] == answer.headers["Location"]
    page = affiliate.get(answer.headers["Location"])
    assert page.context["request"].desk.current == view
    assert page.context["request"].desk.here == [view]
    assert affiliate.get(LIST).context["request"].desk.current is None
    with client_scope(cast.client.pk):
        assert Event.objects.get(verb="view.saved").data == {"page": "creators/", "shared": False}


def test_u3_own_views_are_hidden_from_others_and_shared_ones_are_not(cast: Cast) -> None:
    """U3: sharing shows a view to the client's whole team, and only its owner or who sets up the
    client changes it."""
    affiliate, viewer, owner = (browser_of(cast, role) for role in ("affiliate", "viewer", "owner"))
    save(affiliate)
    path = f"{VIEWS}{saved(cast).pk}/"
    assert "Late ones" not in text_of(viewer, VIEWS)
    assert viewer.get(path).status_code == 404
    assert viewer.post(f"{path}pin/", {"on": "1"}).status_code == 404
    affiliate.post(f"{path}change/", {"name": "Late ones", "is_shared": "on"})
    assert "Late ones" in text_of(viewer, VIEWS)
    assert viewer.get(path).status_code == 302
    assert viewer.get(f"{path}change/").status_code == 403
    assert viewer.post(f"{path}delete/").status_code == 403
    owner.post(f"{path}change/", {"name": "Overdue", "is_shared": "on"})
    assert saved(cast, "Overdue").owner == cast.members["affiliate"]


def test_u3_a_viewer_keeps_views_and_cannot_share_them(cast: Cast) -> None:
    viewer = browser_of(cast, "viewer")
    assert 'name="is_shared"' not in text_of(viewer, f"{VIEWS}new/?page=creators/&query=")
    save(viewer, is_shared="on")
    assert saved(cast).is_shared is False


def test_u3_a_pinned_view_stands_in_the_menu_of_that_person_only(cast: Cast) -> None:
    affiliate, media = browser_of(cast, "affiliate"), browser_of(cast, "media")
    save(affiliate, is_shared="on", is_pinned="on")
    assert "Pinned views" in text_of(affiliate, "/c/glow/")
    assert "Pinned views" not in text_of(media, "/c/glow/")
    assert "Pinned views" not in text_of(affiliate, "/c/peak/")
    affiliate.post(f"{VIEWS}{saved(cast).pk}/pin/", {})
    assert "Pinned views" not in text_of(affiliate, "/c/glow/")


def test_u3_the_menu_opens_the_default_view_of_a_list(cast: Cast) -> None:
    """U3: one default a list and person; the tab of all rows still leads to all of them."""
    affiliate = browser_of(cast, "affiliate")
    save(affiliate)
    save(affiliate, "Second", query="view=new")
    for name in ("Late ones", "Second"):
        affiliate.post(f"{VIEWS}{saved(cast, name).pk}/default/", {"on": "1"})
    page = affiliate.get(LIST)
    [entry] = [one for one in page.context["nav"] if one["key"] == "creators"]
    assert entry["url"] == f"{LIST}?view=new"
    assert [one.is_default for one in page.context["request"].desk.here] == [False, True]
    assert page.context["page"].tabs[0].url == LIST
    affiliate.post(f"{VIEWS}{saved(cast, 'Second').pk}/default/", {})
    [entry] = [one for one in affiliate.get(LIST).context["nav"] if one["key"] == "creators"]
    assert entry["url"] == LIST


def test_u3_a_deleted_view_is_gone_until_it_is_put_back(cast: Cast) -> None:
    affiliate = browser_of(cast, "affiliate")
    save(affiliate, is_pinned="on")
    path = f"{VIEWS}{saved(cast).pk}/"
    gone = affiliate.post(f"{path}delete/", follow=True)
    assert "“Late ones” is deleted." in gone.content.decode()
    assert affiliate.get(path).status_code == 404
    assert "Pinned views" not in text_of(affiliate, LIST)
    affiliate.post(f"{path}restore/")
    assert affiliate.get(path).status_code == 302
    assert "Pinned views" in text_of(affiliate, LIST)
    with client_scope(cast.client.pk):
        verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-3:] == ["view.saved", "view.deleted", "view.restored"]


def test_u3_a_taken_name_and_a_page_that_is_no_list_are_refused_in_words(cast: Cast) -> None:
    affiliate = browser_of(cast, "affiliate")
    save(affiliate)
    again = save(affiliate)
    assert again.status_code == 422
    assert "You have a view of this list with that name." in again.content.decode()
    for page in ("nowhere/", "../../o/north/team/", "x" * 400):
        assert save(affiliate, "Other", page=page).status_code == 422
    assert save(affiliate, "Long", query="q=" + "x" * 3_000).status_code == 422
    assert save(affiliate, "").status_code == 422
    with client_scope(cast.client.pk):
        assert SavedView.objects.count() == 1


def test_u3_every_list_offers_to_save_itself(cast: Cast) -> None:
    """U3: creators, posts, samples, authorizations, ads, outreach, profit."""
    owner = browser_of(cast, "owner")
    for page in (
        "creators/",
        "posts/",
        "samples/",
        "collaborations/",
        "authorizations/",
        "campaigns/",
        "campaigns/triage/",
        "outreach/",
        "outreach/inbox/",
        "tasks/",
    ):
        assert "Save this view" in text_of(owner, f"/c/glow/{page}"), page


def test_views_cost_one_query_however_many_there_are(cast: Cast) -> None:
    affiliate = browser_of(cast, "affiliate")
    affiliate.get(LIST)
    counts = []
    for name in ("One", "Two", "Three"):
        save(affiliate, name, is_pinned="on")
        affiliate.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            affiliate.get(LIST)
        counts.append(len([one for one in queries if "desk_savedview" in one["sql"]]))
    assert counts == [1, 1, 1]
