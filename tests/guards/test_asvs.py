"""The map of ASVS names only what is there: chapters, sections, files, names in them, tests."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "asvs.md").read_text()
# How many sections the chapters of ASVS 4.0.3 have, from V1 on.
SECTIONS = (14, 10, 7, 3, 5, 4, 4, 3, 2, 3, 1, 6, 4, 5)
_FILE = re.compile(r"([\w-]*[./][\w./-]*|Dockerfile)((?:::?\w+)?)")


def named() -> list[tuple[str, str]]:
    """Files in backticks, each with what follows it: `:name`, `::test` or nothing."""
    words = (_FILE.fullmatch(one) for one in re.findall(r"`([^`]+)`", TEXT))
    return [(one[1], one[2]) for one in words if one is not None and one[1] != "/"]


def rows() -> list[list[str]]:
    """Cells of every row: section, what holds, where, test, open."""
    lines = [one for one in TEXT.splitlines() if re.match(r"\| \d", one)]
    return [[cell.strip() for cell in one.split("|")[1:-1]] for one in lines]


def is_in(path: Path, mark: str) -> bool:
    """Whether a file has a test, or defines or assigns another name."""
    name = mark.lstrip(":")
    if mark.startswith("::"):
        found = rf"^def {name}\("
    else:
        found = rf"^(?:(?:def|class) {name}\b|(?:\w+, )*{name}\b[^()]*=)"
    return re.search(found, path.read_text(), re.MULTILINE) is not None


def test_every_chapter_and_section_is_there_in_order() -> None:
    chapters = [int(one) for one in re.findall(r"^## V(\d+) ", TEXT, re.MULTILINE)]
    assert chapters == list(range(1, 15))
    wanted = [f"{at}.{part + 1}" for at, parts in enumerate(SECTIONS, 1) for part in range(parts)]
    assert [row[0] for row in rows()] == wanted


def test_every_row_names_its_proof_or_says_what_is_missing() -> None:
    for section, holds, where, test, still_open in rows():
        assert holds, section
        if not holds.startswith("("):  # where the standard asks nothing
            assert (where and test) or still_open, section


def test_every_file_and_every_name_in_it_exists() -> None:
    assert len(named()) > 150
    wrong = [
        path + mark
        for path, mark in named()
        if not (ROOT / path).exists() or (mark and not is_in(ROOT / path, mark))
    ]
    assert wrong == []
