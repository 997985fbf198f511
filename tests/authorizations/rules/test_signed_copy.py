"""Accepted terms on paper, in every language that creators read."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from pymupdf_fonts import FiraGO_Regular

from authorizations.rules.signed_copy import Signature, signed_copy
from authorizations.rules.terms_text import worded, written
from authorizations.rules.wording import LANGUAGES, sentences
from tests.authorizations.rules.test_terms_text import DEAL, PARTIES, WINDOW

SIGNATURE = Signature(
    version="Standard, version 1",
    accepted_at=datetime(2026, 9, 10, 18, 4, 5, tzinfo=UTC),
    name="Nguyễn Thị Ánh · ธันวา",
    text_hash="ab" * 32,
    address="203.0.113.9",
    device="Mozilla/5.0",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_embedded_font_has_every_letter(language: str) -> None:
    text = written(worded(DEAL), "", language=language, parties=PARTIES, window=WINDOW)
    words = sentences(language)
    paper = text.plain + "".join(words[key] for key in words.texts if key.startswith("copy_"))
    known = TTFont(BytesIO(FiraGO_Regular.fontbuffer)).getBestCmap()
    assert {letter for letter in paper + SIGNATURE.name if ord(letter) not in known} == {"\n"}
    assert signed_copy(text.plain, SIGNATURE, words).startswith(b"%PDF")


def test_equal_input_gives_equal_bytes() -> None:
    words = sentences("th")
    assert signed_copy("A\n\nB", SIGNATURE, words) == signed_copy("A\n\nB", SIGNATURE, words)
