"""Guards on templates: the Content-Security-Policy allows nothing inline, icons must exist."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    path
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]
    if "emails" not in path.parts
)
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=|<style", re.I),
    "inline handler": re.compile(r"\s(on[a-z]+|hx-on[:a-z-]*)\s*=", re.I),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I),
    "script address": re.compile(r"javascript:|\bjs:", re.I),
    "trigger filter (needs eval)": re.compile(r'hx-trigger="[^"]*\['),
    "foreign address": re.compile(r'(src|href)="(https?:)?//', re.I),
}


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_inline(path):
    text = path.read_text()
    found = [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]
    if "web" in path.parts:  # the component page prints an address of its own only
        found = [name for name in found if name != "foreign address"]
    assert found == []


def test_every_named_icon_is_in_the_sprite():
    sprite = set(re.findall(r'id="i-([a-z0-9]+)"', (ROOT / "static/icons.svg").read_text()))
    named = {
        (name, path.name)
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([a-z0-9]+)"', path.read_text())
    }
    assert {(name, where) for name, where in named if name not in sprite} == set()


def test_style_sheets_and_scripts_load_nothing_from_elsewhere():
    for path in [*ROOT.glob("static/**/*.css"), *ROOT.glob("static/**/*.js")]:
        text = path.read_text()
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), path
        assert "@import" not in text, path
        assert "eval(" not in text, path
