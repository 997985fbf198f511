"""Which answer a view gives: the page, one piece of it, or headers that move the browser."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template import TemplateDoesNotExist
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from sparkops.web import pages

PAGE = "web/components_form.html"
TEMPLATES = {
    "probe.html": "<html>{% partialdef rows inline %}<p>{{ word }}</p>{% endpartialdef %}</html>",
}


@pytest.fixture(autouse=True)
def probe(settings):
    engine = dict(settings.TEMPLATES[0])
    engine["OPTIONS"] = {
        "builtins": ["template_partials.templatetags.partials"],
        "loaders": [
            (
                "template_partials.loader.Loader",
                [("django.template.loaders.locmem.Loader", TEMPLATES)],
            )
        ],
    }
    engine.pop("APP_DIRS", None)
    settings.TEMPLATES = [engine]


def ask(**headers):
    request = RequestFactory().get("/list/?page=2", headers=headers)
    request.user = AnonymousUser()
    HtmxMiddleware(lambda _: HttpResponse())(request)
    return request


def answer(**headers):
    return pages.render(ask(**headers), "probe.html", {"word": "hi"}, pieces={"list": "rows"})


def test_a_plain_request_gets_the_page():
    assert answer().content == b"<html><p>hi</p></html>"


def test_a_listed_target_gets_its_piece():
    assert answer(HX_Request="true", HX_Target="list").content == b"<p>hi</p>"


@pytest.mark.parametrize(
    "more",
    [
        {"HX_Target": "elsewhere"},
        {},
        {"HX_Target": "list", "HX_Boosted": "true"},
        {"HX_Target": "list", "HX_History_Restore_Request": "true"},
    ],
)
def test_other_htmx_requests_get_the_page(more):
    assert answer(HX_Request="true", **more).content.startswith(b"<html>")


def test_a_target_without_htmx_gets_the_page():
    assert answer(HX_Target="list").content.startswith(b"<html>")


def test_caches_are_told_what_the_answer_depends_on():
    vary = {name.strip() for name in answer()["Vary"].split(",")}
    assert {"HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request"} <= vary


def test_rendering_ends_before_the_view_returns():
    reads = []

    class Row:
        def __str__(self):
            reads.append("read")
            return "row"

    response = pages.render(ask(), "probe.html", {"word": Row()})
    assert reads == ["read"]
    assert not hasattr(response, "render")


def test_the_status_is_the_views():
    assert pages.render(ask(), "probe.html", {}, status=422).status_code == 422


def test_a_piece_the_template_lacks_is_an_error():
    with pytest.raises(TemplateDoesNotExist):
        pages.render(
            ask(HX_Request="true", HX_Target="list"), "probe.html", {}, pieces={"list": "nothing"}
        )


def test_toast_and_close_dialog_share_one_header():
    response = pages.close_dialog(pages.toast(HttpResponse(), "Saved “a”", "warn"))
    assert json.loads(response["HX-Trigger"]) == {
        "sparkops:toast": {"text": "Saved “a”", "tone": "warn"},
        "sparkops:close-dialog": {},
    }


def test_redirect_of_a_plain_request():
    response = pages.redirect(ask(), "/next/")
    assert (response.status_code, response["Location"]) == (302, "/next/")


def test_redirect_of_htmx_leaves_the_page():
    response = pages.redirect(ask(HX_Request="true"), "/next/")
    assert (response.status_code, response["HX-Redirect"]) == (200, "/next/")
    assert "Location" not in response


def test_soft_redirect_of_htmx_keeps_the_loaded_files():
    response = pages.redirect(ask(HX_Request="true"), "/next/", soft=True)
    assert json.loads(response["HX-Location"]) == {"path": "/next/"}


def test_refresh():
    assert pages.refresh(ask(HX_Request="true"))["HX-Refresh"] == "true"
    assert pages.refresh(ask())["Location"] == "/list/?page=2"
