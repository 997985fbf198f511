"""The worked examples of the domain paper, to the cent, and files that are not as they should."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from profit.rules.facts import Basis, Period
from profit.rules.pnl import TREE, Level, in_period, totals
from profit.rules.report import Report, booked, report
from profit.rules.worked_examples import ExampleError, ShopCase, run

FILE = Path(__file__).parents[2] / "samples" / "profit-worked-examples.json"
LINES = [item.name if isinstance(item, Level) else item.value for item in TREE]
GROUP_LINES = LINES[: LINES.index("cm3") + 1]
STATEMENTS = {
    "S1": "PD1-the-whole-tree-of-one-order",
    "S2": "PD1-refunds-and-the-fee-cap",
    "S3": "PD3-PD4-views-sum-to-the-shop-and-samples-are-no-revenue",
    "S4": "PD7-rates-and-costs-by-local-date",
    "S5": "PD1-creator-fees-across-a-month-end",
    "S6": "PD1-break-even",
    "S7": "PD1-settled-amounts-and-foreign-currency",
    "S8": "PD5-a-refund-in-its-own-period",
}


def results() -> list[Any]:
    return [
        pytest.param(result, id=f"{STATEMENTS.get(result.name, 'formula')}-{result.name}")
        for result in run(FILE)
    ]


@pytest.mark.parametrize("result", results())
def test_worked_example(result):
    assert result.differences == ()
    assert result.ok


def test_every_case_of_the_file_is_run():
    names = [result.name for result in run(FILE)]
    assert names[:8] == ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"]
    assert len(names) == 8 + 20


def test_every_example_sums_on_every_basis():
    """PD3: on order, event and statement date the groups are the shop, within the example's days
    and over all time; over all time the refunds' own days move nothing (P6)."""
    seen = []

    def reporter(case: ShopCase) -> Report:
        always = Period(first=date.min, last=date.max)
        for basis in Basis:
            context = replace(case.context, basis=basis)
            entries = booked(case.facts, context).entries
            for period in (case.period, always):
                assert_groups_are_the_shop(report(case.facts, entries, context, period))
            by_order = totals(in_period(entries, Basis.ORDER, always))
            assert totals(in_period(entries, Basis.EVENT, always)) == by_order
        seen.append(case.context.shop.shop_id)
        entries = booked(case.facts, case.context).entries
        return report(case.facts, entries, case.context, case.period)

    assert all(result.ok for result in run(FILE, reporter))
    assert len(seen) == len(STATEMENTS)


def assert_groups_are_the_shop(found: Report) -> None:
    for groups in (found.by_post, found.by_product, found.by_creator):
        for line in GROUP_LINES:
            total = sum((getattr(pnl, line) for pnl in groups.values()), Decimal(0))
            assert total == getattr(found.pnl, line), line


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], object]], list[Any]]:
    """Runs the file after a change to its parsed content."""

    def run_changed(change: Callable[[dict[str, Any]], object]) -> list[Any]:
        document = json.loads(FILE.read_text())
        change(document)
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(document))
        return run(path)

    return run_changed


def failed(results: list[Any]) -> dict[str, tuple[str, ...]]:
    return {result.name: result.differences for result in results if not result.ok}


def expected(document: dict[str, Any], number: int) -> dict[str, Any]:
    return document["examples"][number - 1]["expected"]


@pytest.mark.parametrize(
    ("number", "change", "sentence"),
    [
        (1, lambda e: e["pnl"].update(gmv="36.01"), "pnl gmv: expected 36.01, found 36.00"),
        (2, lambda e: e["counts"].update(units=6), "counts units: expected 6, found 5"),
        (3, lambda e: e["ratios"].update(mer="2.5"), "ratios mer: expected 2.5, found 2.5659"),
        (
            8,
            lambda e: e["ratios"].update(break_even_roas="1.0"),
            "ratios break_even_roas: expected 1.0, found none",
        ),
        (6, lambda e: e["ratios"].pop("max_cpa"), "ratios max_cpa: not expected, found 12.54"),
        (
            3,
            lambda e: e["by_product"]["MASK"].update(net_ad_cost="20.41"),
            "by_product MASK net_ad_cost: expected 20.41, found 20.40",
        ),
        (
            3,
            lambda e: e["by_creator"].pop("ben"),
            "by_creator ben: not expected, found cm3 138.10",
        ),
        (
            1,
            lambda e: e["by_post"].update(V9={"gmv": "1.00"}),
            "by_post V9 gmv: expected 1.00, found 0",
        ),
        (
            7,
            lambda e: e.pop("settlement_variance"),
            "settlement_variance referral_fee: not expected, found -0.28",
        ),
        (
            8,
            lambda e: e["flags"].pop("spend_outside_authorization"),
            "flags spend_outside_authorization: not expected, found 1.00",
        ),
        (1, lambda e: e["pnl"].update(profit="1"), "pnl: there is no line called profit."),
        (
            1,
            lambda e: e.update(extra={}),
            "The expected section “extra” is not part of the schema.",
        ),
    ],
)
def test_a_wrong_expectation_is_named(changed, number, change, sentence):
    found = failed(changed(lambda document: change(expected(document, number))))
    assert list(found) == [f"S{number}"]
    assert sentence in found[f"S{number}"]


def test_a_wrong_formula_expectation_is_named(changed):
    def change(document):
        document["formula_examples"][4]["cases"][1]["expected"] = "9.0"
        document["formula_examples"][3]["cases"][0]["expected"]["shop_date"] = "2026-07-02"

    assert failed(changed(change)) == {
        "F4 business_dates 1": ("shop_date: expected 2026-07-02, found 2026-07-01",),
        "F5 target_roas 2": ("expected 9.0, found none",),
    }


def inputs(document: dict[str, Any], number: int) -> dict[str, Any]:
    return document["examples"][number - 1]["inputs"]


@pytest.mark.parametrize(
    ("number", "change", "sentence"),
    [
        (
            1,
            lambda i: i["orders"][0]["lines"][0].pop("unit_price"),
            "the file, examples[0], inputs, orders[0], lines[0]: unit_price is missing.",
        ),
        (
            1,
            lambda i: i["orders"][0]["lines"][0].update(unit_price="forty"),
            "unit_price must be a decimal number in quotes, not 'forty'.",
        ),
        (1, lambda i: i["shop"].update(timezone="Mars/Olympus"), "“Mars/Olympus” is not a time"),
        (1, lambda i: i["orders"][0].update(created_at="May"), "created_at must be an instant"),
        (1, lambda i: i["report"].update(basis="cash"), "basis must be one of order, event"),
        (1, lambda i: i["report"].update(to="2026-04-01"), "the report ends before it starts."),
        (1, lambda i: i.update(orders={}), "inputs: orders must be a list."),
        (2, lambda i: i["refunds"][0].update(order_id="O9"), "refunds[0]: there is no order O9."),
        (2, lambda i: i["refunds"][0].update(line_id="9"), "Order O1 has no line 9."),
        (2, lambda i: i["refunds"][0].update(stage="lost"), "one of before_shipment, after_ship"),
        (3, lambda i: i["orders"][0].update(repeat=0), "orders[0]: repeat must be at least 1."),
        (3, lambda i: i["orders"][1].update(order_id="A"), "order A-1 is listed twice."),
        (5, lambda i: i["creator_payments"][0].update(kind="gift"), "kind must be one of flat_fee"),
        (7, lambda i: i["ad_spend"][0].update(account_utc_offset="8"), "“8” is not an offset"),
        (7, lambda i: i["ad_spend"][0].update(cost="1E+99"), "cost must be a decimal number"),
    ],
)
def test_a_case_that_cannot_be_read_fails_with_its_place(changed, number, change, sentence):
    found = failed(changed(lambda document: change(inputs(document, number))))
    assert list(found) == [f"S{number}"]
    assert sentence in found[f"S{number}"][0]


def test_a_failed_case_says_what_it_could_not_use(changed):
    def change(document):
        line = inputs(document, 1)["orders"][0]["lines"][0]
        line["seler_discount"] = line.pop("seller_discount")
        inputs(document, 7)["fx"] = []

    found = failed(changed(change))
    assert any("“seler_discount” of the file, examples[0]" in text for text in found["S1"])
    assert any("no exchange rate from EUR to USD" in text for text in found["S7"])


def test_a_number_written_as_a_number_is_exact(changed):
    def change(document):
        inputs(document, 1)["orders"][0]["lines"][0].update(unit_price=40.0, commission_rate=0.15)

    assert failed(changed(change)) == {}


def test_an_adjustment_tied_to_an_order_lands_on_its_post(changed):
    def change(document):
        inputs(document, 7)["adjustments"][0]["order_id"] = "O1"
        groups = expected(document, 7)
        for name in ("by_post", "by_product", "by_creator"):
            del groups[name]["unattributed"]
            (group,) = groups[name].values()
            # 29.54 - 10.00 and 14.78 - 10.00: the chargeback leaves the unattributed bucket.
            group.update(cm2="19.54", cm3="4.78")

    assert failed(changed(change)) == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not valid JSON"),
        ("[]", "the file must be an object"),
        ("{}", "schema_version is missing"),
        ('{"schema_version": 2}', "has schema version 2; this program reads version 1"),
        ('{"schema_version": 1}', "has no cases"),
        ('{"schema_version": 1, "examples": {}}', "examples must be a list"),
        ('{"schema_version": 1, "examples": [1]}', r"examples\[0\] must be an object"),
        ('{"schema_version": 1, "formula_examples": [{}]}', "function is missing"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "bad.json"
    path.write_text(content)
    with pytest.raises(ExampleError, match=sentence):
        run(path)


def test_a_missing_file_and_one_that_is_no_text_are_refused(tmp_path):
    with pytest.raises(ExampleError, match=r"cannot be read: No such file"):
        run(tmp_path / "nowhere.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ExampleError, match="not a text file"):
        run(tmp_path / "bytes.json")


def test_an_unknown_formula_fails_its_cases(changed):
    found = failed(changed(lambda document: document["formula_examples"][6].update(function="sum")))
    assert found["F7 sum 1"] == ("There is no formula called “sum”.",)
