"""Runs a file of worked examples through the profit rules and compares every expected number."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from profit.rules.report import Report, booked, report
from profit.rules.worked_examples.comparison import formula_differences, report_differences
from profit.rules.worked_examples.formulas import formula
from profit.rules.worked_examples.inputs import ShopCase, shop_case
from profit.rules.worked_examples.reading import ExampleError, Row

SCHEMA_VERSION = 1

__all__ = ["CaseResult", "ExampleError", "Reporter", "ShopCase", "rules_report", "run"]

Reporter = Callable[[ShopCase], Report]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case of the file; `differences` are sentences, none when every number matches."""

    name: str
    ok: bool
    differences: tuple[str, ...] = ()


def rules_report(case: ShopCase) -> Report:
    """The report of a case by the rules alone, without a database."""
    return report(case.facts, booked(case.facts, case.context).entries, case.context, case.period)


def run(path: str | Path, reporter: Reporter = rules_report) -> list[CaseResult]:
    """Every case of the file at `path`, in its order; `reporter` makes a case's report.

    Raises ExampleError with a sentence when the file cannot be read as such a file. A single
    case that cannot be read is a failed case, so that the others are still checked.
    """
    document = _document(Path(path))
    version = document.whole("schema_version")
    if version != SCHEMA_VERSION:
        raise ExampleError(
            f"The file has schema version {version}; this program reads version {SCHEMA_VERSION}."
        )
    results = [_example(row, reporter) for row in document.rows("examples")]
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


def _example(row: Row, reporter: Reporter) -> CaseResult:
    name = row.text("id", "a case without id")
    try:
        case = shop_case(row.row("inputs"))
        differences = report_differences(row.row("expected"), reporter(case))
    except ValueError as error:
        return CaseResult(name, ok=False, differences=(str(error),))
    if differences:
        differences += [gap.sentence for gap in booked(case.facts, case.context).gaps]
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
