"""Text on paper: PDFs whose letters are shaped, so that Thai and Vietnamese read right."""

import logging
import tempfile
from collections.abc import Sequence, Set
from datetime import datetime
from functools import cache
from pathlib import Path

from fpdf import FPDF
from pymupdf_fonts import FiraGO_Bold, FiraGO_Regular

FAMILY = "FiraGO"
MARGIN = 20.0
ROW = 5.8  # of a table, its padding included
HEADING = 16.0
LINE = 5.4
# Embedding a font is told step by step, a hundred lines a document.
logging.getLogger("fontTools").setLevel(logging.WARNING)


class _Sheets(FPDF):
    """Pages that say at their foot what they are of, and which of how many; none without a foot."""

    foot = ""

    def footer(self) -> None:
        """The line at the foot of a page."""
        if self.foot:
            self.set_y(-12)
            self.set_font(FAMILY, size=7)
            self.cell(0, 6, f"{self.foot} · {self.page_no()} / {{nb}}", align="C")


class Paper:
    """An A4 document with FiraGO embedded; lengths in millimetres, sizes in points."""

    def __init__(self, title: str, *, made_at: datetime, language: str, foot: str = "") -> None:
        self._pdf = _Sheets(format="A4")
        self._pdf.foot = foot
        self._pdf.set_creation_date(made_at)
        self._pdf.set_title(title)
        self._pdf.set_subject(foot)
        self._pdf.set_lang(language)
        self._pdf.set_margin(MARGIN)
        self._pdf.set_auto_page_break(True, MARGIN)
        for style, path in _fonts().items():
            self._pdf.add_font(FAMILY, style, path)
        self._pdf.set_text_shaping(True)
        self._pdf.add_page()

    def title(self, text: str) -> None:
        """The head of the document."""
        self._write(text, size=18, style="B", line=9)

    def heading(self, text: str, *, rows: int = 0) -> None:
        """The head of a part, and space before it. When a table of so many `rows` follows that
        would fit on a page but not on the rest of this one, the part begins the next page."""
        needed = HEADING + rows * ROW
        if rows and needed < self._pdf.eph and self._pdf.will_page_break(needed):
            self._pdf.add_page()
        self._pdf.ln(3)
        self._write(text, size=12, style="B", line=6)

    def small(self, text: str) -> None:
        """A line of a long list, and a little space after it."""
        self._write(text, size=8, line=4.1)
        self._pdf.ln(1)

    def paragraph(self, text: str) -> None:
        """Text with its line breaks, and space before it."""
        self._pdf.ln(3)
        self._write(text, size=10)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Names with what belongs to them, below a rule."""
        self._pdf.ln(6)
        y = self._pdf.get_y()
        self._pdf.line(MARGIN, y, self._pdf.w - MARGIN, y)
        self._pdf.ln(3)
        for name, value in pairs:
            self._write(name, size=8, style="B", line=4.4)
            self._write(value, size=9, line=5)

    def table(
        self, headers: Sequence[str], rows: Sequence[Sequence[str]], *, bold: Set[int] = frozenset()
    ) -> None:
        """A table over the whole width: the first column takes half of it and reads from the left,
        the others are figures. Rows numbered in `bold` stand out; headers repeat on every page."""
        self._pdf.ln(2)
        self._pdf.set_font(FAMILY, size=8)
        widths = (len(headers) - 1, *(1 for _ in headers[1:]))
        with self._pdf.table(
            borders_layout="HORIZONTAL_LINES",
            col_widths=widths,
            line_height=4.6,
            padding=(0.6, 0.8),
            text_align=("LEFT", *("RIGHT" for _ in headers[1:])),
        ) as table:
            table.row(headers)
            for number, cells in enumerate(rows):
                self._pdf.set_font(FAMILY, "B" if number in bold else "", 8)
                table.row(cells)
        self._pdf.set_font(FAMILY, size=8)

    def pdf(self) -> bytes:
        """The document."""
        return bytes(self._pdf.output())

    def _write(self, text: str, *, size: float, style: str = "", line: float = LINE) -> None:
        self._pdf.set_font(FAMILY, style, size)
        self._pdf.multi_cell(0, line, text, align="L", new_x="LMARGIN", new_y="NEXT")


@cache
def _fonts() -> dict[str, Path]:
    """The fonts as files, which fpdf2 wants: once a process, gone with it."""
    folder = _folder().name
    found = {"": FiraGO_Regular, "B": FiraGO_Bold}
    for style, font in found.items():
        (Path(folder) / f"FiraGO{style}.ttf").write_bytes(font.fontbuffer)
    return {style: Path(folder) / f"FiraGO{style}.ttf" for style in found}


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="sparkops-fonts-")
