"""A plain document as PDF: headings, paragraphs, records. Text of any language that FiraGO has."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pymupdf_fonts
from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONT = "FiraGO"
MOST_RECORDS = 1_000
LINE_MM = 4.6


@dataclass(frozen=True)
class Section:
    """A heading, a sentence below it, and records: each a paragraph of named values."""

    title: str
    note: str
    records: Sequence[Mapping[str, str]]


class _Document(FPDF):
    """An A4 page whose foot says what it is, and which page of how many."""

    foot = ""

    def footer(self) -> None:
        """The line at the foot of a page."""
        self.set_y(-12)
        self.set_font(FONT, size=7)
        self.cell(0, 6, f"{self.foot} · {self.page_no()} / {{nb}}", align="C")


def pdf_bytes(
    title: str, lines: Sequence[str], sections: Sequence[Section], *, foot: str, made_at: datetime
) -> bytes:
    """The document as bytes. `lines` stand below the title, `foot` on every page.

    At most 1,000 records of a section are printed; how many are left out is said.
    """
    # The shaper opens the fonts when it first needs them, so they stay until the end.
    with tempfile.TemporaryDirectory() as folder:
        document = _begun(title, foot, made_at, Path(folder))
        _paragraph(document, title, size=16, style="B")
        for line in lines:
            _paragraph(document, line, size=9)
        for section in sections:
            _write(document, section)
        return bytes(document.output())


def _begun(title: str, foot: str, made_at: datetime, folder: Path) -> FPDF:
    document = _Document(format="A4")
    document.foot = foot
    document.set_creation_date(made_at)
    document.set_title(title)
    document.set_subject(foot)
    for style, name in (("", "figo"), ("B", "figbo")):
        path = folder / f"{name}.ttf"
        path.write_bytes(pymupdf_fonts.myfont(name))
        document.add_font(FONT, style, path)
    document.set_text_shaping(True)
    document.set_auto_page_break(True, margin=16)
    document.add_page()
    return document


def _write(document: FPDF, section: Section) -> None:
    document.ln(3)
    _paragraph(document, section.title, size=12, style="B")
    if section.note:
        _paragraph(document, section.note, size=8)
    for record in section.records[:MOST_RECORDS]:
        text = " · ".join(f"{name}: {value}" for name, value in record.items() if value != "")
        _paragraph(document, text, size=8)
        document.ln(1)
    left = len(section.records) - MOST_RECORDS
    if left > 0:
        _paragraph(document, f"{left:,} more records are in the JSON file.", size=8)


def _paragraph(document: FPDF, text: str, *, size: int, style: str = "") -> None:
    document.set_font(FONT, style=style, size=size)
    document.multi_cell(0, LINE_MM * size / 9, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
