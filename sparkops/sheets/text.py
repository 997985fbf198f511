"""Pasted text and CSV files as grids."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from sparkops.errors import Refusal
from sparkops.pasted import visible
from sparkops.sheets.shape import shaped
from sparkops.sheets.sheet import DEFAULT_LIMITS, Grid, Kind, Limits, Row, Sheet

_DELIMITERS = "\t;|,"
_NAMES = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma"}
_SAMPLE_LINES = 100
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_DAY = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_CHAT = re.compile(
    rf"^(?:\[(?P<sent1>{_DAY},?\s+{_CLOCK}|{_CLOCK}(?:,?\s+{_DAY})?)\]\s*"
    rf"|(?P<sent2>{_DAY},?\s+{_CLOCK})\s+[-–]\s+)(?P<sender>[^:\n]{{1,60}}):\s?(?P<text>.*)$"
)
_CHAT_NAME_LINE = re.compile(rf"^(?P<sender>\S.{{0,58}}?)\s{{1,4}}(?P<sent>{_CLOCK})$")


def read_pasted(text: str, *, limits: Limits = DEFAULT_LIMITS) -> Sheet:
    """What a person pasted: a table, one column, or a chat thread.

    A chat becomes a sheet with the headers Sent, From and Message, one row per line. Raises
    Refusal when it is larger than `limits` or holds no text.
    """
    if len(text) > limits.upload_bytes:
        raise Refusal("too_large", "The pasted text is too long. Paste it in parts, or use a file.")
    text = visible(text)
    if not text.strip():
        raise Refusal("empty", "Nothing was pasted. Copy the rows in your sheet, then paste here.")
    lines = text.split("\n")
    if _is_chat(lines):
        return _chat(lines, limits)
    return shaped(_grid(text, limits, prose=True))


def read_csv(data: bytes, *, name: str = "", limits: Limits = DEFAULT_LIMITS) -> Sheet:
    """A CSV file in whatever encoding and with whatever delimiter; the notes say which.

    Raises Refusal when it is larger than `limits` or holds no text.
    """
    text, encoding_note = decoded(data)
    text = visible(text)
    if not text.strip():
        raise Refusal("empty", "The file holds no text. Export the sheet again, then upload it.")
    grid = _grid(text, limits, prose=False)
    return shaped(Grid(grid.rows, (encoding_note, *grid.notes), name=name))


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and a sentence naming the encoding that was found."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _with_mark(data, encoding)
    for encoding in _unmarked_utf16(data):
        return data.decode(encoding, errors="replace"), f"The file was read as {encoding}."
    for encoding in ("utf-8", "cp1252", "latin-1"):
        try:
            return data.decode(encoding), f"The file was read as {encoding}."
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes every byte")


def _with_mark(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), f"The file was read as {encoding}."
    except UnicodeDecodeError:
        note = f"The file says it is {encoding}, but some signs in it are broken: shown as \ufffd."
        return data.decode(encoding, errors="replace"), note


def _unmarked_utf16(data: bytes) -> Iterator[str]:
    """UTF-16 without a mark shows as a zero in every second byte of Latin text."""
    sample = data[:2000]
    if len(sample) >= 4 and sample.count(0) > len(sample) // 3:
        yield "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"


def _grid(text: str, limits: Limits, *, prose: bool) -> Grid:
    notes: list[str] = []
    first_line = 1
    declared = re.match(r"sep=(.)\n", text, re.IGNORECASE)
    if declared:
        text, first_line = text[declared.end() :], 2
        delimiter = declared[1]
    else:
        delimiter = _delimiter(text, prose=prose)
    if delimiter:
        notes.append(f"Columns are separated by {_NAMES.get(delimiter, delimiter)}.")
        records, quote_note = _records(text, delimiter)
        notes.extend(quote_note)
    else:
        records = [(at, [line]) for at, line in enumerate(text.split("\n"), 1)]
    _check(records, limits)
    rows = tuple(Row(number + first_line - 1, tuple(cells)) for number, cells in records)
    return Grid(_without_last_empty(rows), tuple(notes))


def _without_last_empty(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The line end of the last line is no empty row."""
    last_is_end = bool(rows) and not any(rows[-1].cells)
    return rows[:-1] if last_is_end else rows


def _check(records: Sequence[tuple[int, list[str]]], limits: Limits) -> None:
    widest = max((len(cells) for _, cells in records), default=0)
    if len(records) > limits.rows:
        raise Refusal(
            "too_many_rows",
            f"There are {len(records):,} rows; at most {limits.rows:,} are read at once. "
            "Split the sheet and bring it in parts.",
        )
    if widest > limits.columns:
        raise Refusal(
            "too_many_columns",
            f"There are {widest} columns; at most {limits.columns} are read. "
            "Remove the ones that are not needed.",
        )


def _delimiter(text: str, *, prose: bool) -> str:
    """The delimiter that splits most lines into equally many cells; "" for a single column.

    With `prose` the text may be sentences: commas count only when nearly every line agrees.
    """
    best, best_score = "", 0.0
    for delimiter in _DELIMITERS:
        needed = 0.8 if prose and delimiter == "," else 0.5
        score = _regularity(text, delimiter, needed)
        if score > best_score + 0.15:
            best, best_score = delimiter, score
    return best


def _regularity(text: str, delimiter: str, needed: float) -> float:
    """The share of filled records that have the commonest cell count above one; 0 when it is
    below `needed`."""
    sample = "\n".join(text.split("\n")[: _SAMPLE_LINES * 2])
    records, _ = _records(sample, delimiter)
    counts = [len(cells) for _, cells in records[:_SAMPLE_LINES] if any(map(str.strip, cells))]
    split = Counter(count for count in counts if count > 1)
    if not split:
        return 0.0
    share = split.most_common(1)[0][1] / len(counts)
    return share if share >= needed else 0.0


def _records(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """The records, numbered as a spreadsheet numbers its rows, and a note when quotes had to be
    ignored."""
    try:
        return list(_parsed(text, delimiter, strict=True)), []
    except csv.Error:
        pass
    quoted = text.count('"') % 2 == 0
    note = []
    if not quoted:
        note = ["A quotation mark is opened and never closed: quotes were read as ordinary signs."]
    try:
        return list(_parsed(text, delimiter, strict=False, quoted=quoted)), note
    except csv.Error as fault:
        raise Refusal(
            "cell_too_long",
            f"A cell has more than {csv.field_size_limit():,} signs, so this is hardly a table. "
            "Copy the rows you need into a new file.",
        ) from fault


def _parsed(
    text: str, delimiter: str, *, strict: bool, quoted: bool = True
) -> Iterator[tuple[int, list[str]]]:
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    lines = (line + "\n" for line in text.split("\n"))
    reader = csv.reader(lines, delimiter=delimiter, strict=strict, quoting=quoting)
    yield from enumerate(reader, 1)


def _is_chat(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    marked = sum(1 for line in filled if _CHAT.match(line.strip()))
    named = sum(1 for line in filled if _CHAT_NAME_LINE.match(line.strip()))
    starts = marked or (named if _delimiter("\n".join(lines), prose=True) == "" else 0)
    return starts >= 2 or (starts == 1 and len(filled) <= 4)


def _chat(lines: Sequence[str], limits: Limits) -> Sheet:
    """One row per filled line; a line without a sender belongs to the message above it."""
    rows: list[Row] = []
    empty = 0
    sent = sender = ""
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        match = _CHAT.match(bare)
        name_line = None if match else _CHAT_NAME_LINE.match(bare)
        if match:
            sent = match["sent1"] or match["sent2"]
            sender, bare = match["sender"].strip(), match["text"].strip()
        elif name_line:
            sent, sender, bare = name_line["sent"], name_line["sender"], ""
        if bare:
            rows.append(Row(number, (sent, sender, bare)))
        elif not match and not name_line:
            empty += 1
    if len(rows) > limits.rows:
        raise Refusal(
            "too_many_rows", f"The thread has over {limits.rows:,} lines. Paste it in parts."
        )
    ends_with_break = len(lines) > 1 and not lines[-1]
    return Sheet(
        kind=Kind.CHAT,
        headers=("Sent", "From", "Message"),
        rows=tuple(rows),
        has_header=False,
        empty_rows=empty - (1 if ends_with_break else 0),
        notes=("It was read as a chat thread, one row per line.",),
    )
