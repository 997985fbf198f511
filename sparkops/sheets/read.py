"""One door for an uploaded file, whatever it calls itself."""

from sparkops.errors import Refusal
from sparkops.sheets.sheet import DEFAULT_LIMITS, Limits, Sheet
from sparkops.sheets.text import read_csv
from sparkops.sheets.xlsx import read_xlsx

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"<!DOCTYPE html", "a web page"),
    (b"<html", "a web page"),
)


def read_upload(
    name: str, data: bytes, *, sheet: str = "", limits: Limits = DEFAULT_LIMITS
) -> Sheet:
    """The table in an uploaded file; what it is, is decided by its bytes, not by its name.

    `sheet` names the sheet of a workbook. Raises Refusal with what to do when the file is empty,
    too large, locked, or no table.
    """
    if not data.strip():
        raise Refusal("empty", f"“{name}” is empty. Export the sheet again, then upload it.")
    if len(data) > limits.upload_bytes:
        raise Refusal(
            "too_large",
            f"“{name}” is larger than {limits.upload_bytes // 1_000_000} MB. "
            "Remove pictures and sheets that are not needed, or split it.",
        )
    if data.startswith(_OLE):
        raise Refusal("old_format", _old_format(name, locked=_LOCKED in data))
    if data.startswith(b"PK\x03\x04"):
        return _from_archive(name, data, sheet, limits)
    for mark, word in _FOREIGN:
        if data[:64].lstrip().lower().startswith(mark.lower()):
            raise Refusal(
                "not_a_table", f"“{name}” is {word}, not a table. Upload a .csv or .xlsx file."
            )
    if _is_binary(data):
        raise Refusal("not_a_table", f"“{name}” is not a table. Upload a .csv or .xlsx file.")
    return read_csv(data, name=name, limits=limits)


def _old_format(name: str, *, locked: bool) -> str:
    if locked:
        return f"“{name}” is protected with a password. Remove the password, then upload it again."
    return f"“{name}” is in the old .xls format. Save it as .xlsx or .csv, then upload that."


def _from_archive(name: str, data: bytes, sheet: str, limits: Limits) -> Sheet:
    if b"xl/" in data:
        return read_xlsx(data, sheet=sheet, limits=limits)
    raise Refusal(
        "not_a_workbook",
        f"“{name}” is not an Excel workbook (OpenDocument, Numbers and ZIP files are not read). "
        "Save the sheet as .xlsx or .csv, then upload that.",
    )


def _is_binary(data: bytes) -> bool:
    """Control bytes that no encoding of text has; zeros are left to UTF-16."""
    sample = data[:4000]
    odd = sum(1 for byte in sample if byte < 9 and byte != 0 or 13 < byte < 32 and byte != 27)
    return odd > len(sample) // 50
