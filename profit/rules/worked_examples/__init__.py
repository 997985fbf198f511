"""Runs a file of worked examples through the profit rules and compares every expected number."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from profit.rules.report import booked, report
from profit.rules.worked_examples.comparison import formula_differences, report_differences
from profit.rules.worked_examples.formulas import formula
from profit.rules.worked_examples.inputs import shop_case
from profit.rules.worked_examples.reading import ExampleError, Row

SCHEMA_VERSION = 1

__all__ = ["CaseResult", "ExampleError", "run"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case of the file; `differences` are sentences, none when every number matches."""

    name: str
    ok: bool
    differences: tuple[str, ...] = ()


def run(path: str | Path) -> list[CaseResult]:
    """Every case of the file at `path`, in its order.

    Raises ExampleError with a sentence when the file cannot be read as such a file. A single
    case that cannot be read is a failed case, so that the others are still checked.
    """
    document = _document(Path(path))
    version = document.whole("schema_version")
    if version != SCHEMA_VERSION:
        raise ExampleError(
            f"The file has schema version {version}; this program reads version {SCHEMA_VERSION}."
        )
    results = [_example(row) for row in document.rows("examples")]
    for row in document.rows("formula_examples"):
        results.extend(_formula_cases(row))
    if not results:
        raise ExampleError("The file has no cases: both examples and formula_examples are empty.")
    return results


def _document(path: Path) -> Row:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ExampleError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ExampleError(f"{path} is not a text file in UTF-8.") from error
    try:
        value = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise ExampleError(f"{path} is not valid JSON: {error}.") from error
    except RecursionError as error:
        raise ExampleError(f"{path} is nested too deeply to be a file of examples.") from error
    return Row.of(value, "the file")


def _example(row: Row) -> CaseResult:
    name = row.text("id", "a case without id")
    try:
        case = shop_case(row.row("inputs"))
        wanted = booked(case.facts, case.context)
        found = report(case.facts, wanted.entries, case.context, case.period)
        differences = report_differences(row.row("expected"), found)
    except ValueError as error:
        return CaseResult(name, ok=False, differences=(str(error),))
    if differences:
        differences += [gap.sentence for gap in wanted.gaps]
        differences += row.row("inputs").unread()
    return CaseResult(name, ok=not differences, differences=tuple(differences))


def _formula_cases(row: Row) -> Iterator[CaseResult]:
    function = row.text("function")
    name = f"{row.text('id', function)} {function}"
    for number, case in enumerate(row.rows("cases"), start=1):
        try:
            differences = formula_differences(case, formula(function, case.row("inputs")))
            if differences:
                differences += case.row("inputs").unread()
        except ValueError as error:
            differences = [str(error)]
        yield CaseResult(f"{name} {number}", not differences, tuple(differences))
