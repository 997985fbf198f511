"""A plain document as PDF: headings, paragraphs, records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sparkops.paper import Paper

MOST_RECORDS = 1_000


@dataclass(frozen=True)
class Section:
    """A heading, a sentence below it, and records: each a paragraph of named values."""

    title: str
    note: str
    records: Sequence[Mapping[str, str]]


def pdf_bytes(
    title: str, lines: Sequence[str], sections: Sequence[Section], *, foot: str, made_at: datetime
) -> bytes:
    """The document as bytes. `lines` stand below the title, `foot` on every page.

    At most 1,000 records of a section are printed; how many are left out is said.
    """
    paper = Paper(title, made_at=made_at, language="en", foot=foot)
    paper.title(title)
    for line in lines:
        paper.small(line)
    for section in sections:
        _write(paper, section)
    return paper.pdf()


def _write(paper: Paper, section: Section) -> None:
    paper.heading(section.title)
    if section.note:
        paper.small(section.note)
    for record in section.records[:MOST_RECORDS]:
        paper.small(" · ".join(f"{name}: {value}" for name, value in record.items() if value != ""))
    left = len(section.records) - MOST_RECORDS
    if left > 0:
        paper.small(f"{left:,} more records are in the JSON file.")
