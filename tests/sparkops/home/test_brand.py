"""A client's name, colour and logo on the pages of creators and of the client."""

from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from PIL import Image

from sparkops.audit.models import OrganizationEvent
from sparkops.isolation.scope import client_scope
from sparkops.tenants.brand import brand_css, contrast
from sparkops.tenants.models import Client, Logo
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.links import link_path
from tests.factories.rights import NOW
from tests.factories.terms import terms

pytestmark = pytest.mark.django_db
HERE = "/c/glow/settings/brand/"


@pytest.fixture(autouse=True)
def fresh(time_machine: Any) -> None:
    cache.clear()
    time_machine.move_to(NOW, tick=False)


def picture(kind: str = "PNG", size: tuple[int, int] = (960, 320)) -> bytes:
    made = BytesIO()
    image = Image.new("RGB", size, (200, 30, 60))
    image.save(made, kind, **({"comment": b"taken at home"} if kind == "JPEG" else {}))
    return made.getvalue()


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", data, "image/png")


def manager_of(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.members["manager"])
    return browser


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_brand_is_what_creators_see(cast: Cast) -> None:
    values = {"name": "Glow & Co", "accent": "#FFCC00", "logo": upload(picture("JPEG"))}
    assert manager_of(cast).post(HERE, values).status_code == 302
    client = Client.objects.get(slug="glow")
    assert (client.brand_name, client.brand_accent) == ("Glow & Co", "#ffcc00")
    with client_scope(client.pk):
        path = link_path(rights.post(), terms(), days=30)
    page = text(Browser().get(path))
    assert "Glow &amp; Co" in page and "Glow Skincare" not in page.partition("<main")[0]
    assert f"/brand/{client.brand_logo}.png" in page and "/brand/ffcc00.css" in page
    kept = Browser().get(f"/brand/{client.brand_logo}.png")
    with Image.open(BytesIO(kept.content)) as image:
        assert (image.format, image.size) == ("PNG", (480, 160))
    assert b"taken at home" not in kept.content
    assert "immutable" in kept.headers["Cache-Control"]
    assert OrganizationEvent.objects.get(verb="client.brand_changed").label == "Glow Skincare"


def test_without_a_brand_the_plain_name_is_shown(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        path = link_path(rights.post(), terms(), days=30)
    page = text(Browser().get(path))
    assert "Glow Skincare" in page and "/brand/" not in page


def test_a_logo_stays_until_it_is_taken_away(cast: Cast) -> None:
    browser = manager_of(cast)
    browser.post(HERE, {"logo": upload(picture())})
    browser.post(HERE, {"name": "Glow"})
    assert Client.objects.get(slug="glow").brand_logo
    browser.post(HERE, {"name": "Glow", "drop_logo": "on"})
    assert Client.objects.get(slug="glow").brand_logo == ""


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("accent", "green", "six digits"),
        ("accent", "#12345", "six digits"),
        ("logo", b"<svg onload=alert(1)>", "PNG, JPEG or WebP"),
        ("logo", picture()[:40], "PNG, JPEG or WebP"),
        ("logo", picture() + b"\0" * 1024 * 1024, "at most 1 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_written(
    cast: Cast, field: str, value: Any, said: str
) -> None:
    sent = {"name": "New", field: upload(value) if field == "logo" else value}
    answer = manager_of(cast).post(HERE, sent)
    assert answer.status_code == 422 and said in text(answer)
    assert Client.objects.get(slug="glow").brand_name == ""
    assert not Logo.objects.exists()


def test_an_unknown_logo_is_not_found(cast: Cast) -> None:
    assert Browser().get(f"/brand/{'0' * 64}.png").status_code == 404


@pytest.mark.parametrize("accent", ["ffffff", "000000", "ffcc00", "2f5b45", "7f7f7f", "ff0000"])
def test_every_colour_is_readable_in_both_themes(accent: str) -> None:
    css = brand_css(accent)
    both = css.partition("--brand: light-dark(")[2].partition(")")[0].split(", ")
    light, dark = (tuple(bytes.fromhex(one[1:])) for one in both)
    for paper in ((255, 255, 255), (245, 245, 243)):
        assert contrast(light, paper) >= 4.5
    assert contrast(light, (255, 255, 255)) >= 4.5
    for paper in ((21, 21, 22), (30, 30, 32)):
        assert contrast(dark, paper) >= 4.5
    assert contrast(dark, (13, 22, 17)) >= 4.5
