"""Rankings: places, the period before, the rest; and value per sample and month (domain 5.7)."""

from decimal import Decimal

import pytest

from sparkops.outreach.rules import leaders
from sparkops.outreach.rules.leaders import Deeds, ranking, value_of

D = Decimal


@pytest.mark.parametrize(
    ("deeds", "days", "value"),
    [
        (Deeds(cm3=D(90), samples=3), 30, D("30.00")),
        (Deeds(cm3=D(90), samples=3), 90, D("10.00")),
        (Deeds(cm3=D(-10), samples=3), 30, D("-3.33")),
        (Deeds(cm3=D(90)), 30, None),
        (Deeds(cm3=D(90), samples=1), 0, None),
    ],
)
def test_value_is_cm3_per_sample_and_month(deeds: Deeds, days: int, value: Decimal | None) -> None:
    assert value_of(deeds, days) == value


def test_places_go_by_the_figure_and_show_where_somebody_stood_before() -> None:
    now = {"a": Deeds(gmv=D(10)), "b": Deeds(gmv=D(30)), "c": Deeds(gmv=D(10)), "": Deeds(gmv=D(5))}
    before = {"a": Deeds(gmv=D(20)), "b": Deeds(gmv=D(15)), "d": Deeds(gmv=D(9))}
    lines, rest = ranking(now, before, "gmv", days=30, last=[""])
    assert rest is None
    assert [(one.key, one.place, one.place_before, one.now, one.before) for one in lines] == [
        ("b", 1, 2, 30, 15),
        ("a", 2, 1, 10, 20),
        ("c", 3, None, 10, 0),
        ("", None, None, 5, 0),
    ]
    assert [one.change for one in lines] == [1, D("-0.5"), None, None]


def test_who_has_no_figure_has_no_place_and_a_loss_has_one() -> None:
    now = {"a": Deeds(cm3=D(5)), "b": Deeds(cm3=D(-5), samples=1), "c": Deeds(cm3=D(4), samples=2)}
    assert [one.key for one in ranking(now, {}, "value", days=30)[0]] == ["c", "b"]
    assert [one.key for one in ranking(now, {}, "posts", days=30)[0]] == []


def test_the_list_and_its_rest_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaders, "MOST", 2)
    now = {str(n): Deeds(gmv=D(n), orders=n) for n in range(1, 6)}
    before = {str(n): Deeds(gmv=D(1)) for n in range(1, 6)}
    lines, rest = ranking(now, before, "gmv", days=30)
    assert [one.key for one in lines] == ["5", "4"]
    assert rest is not None
    assert (rest.place, rest.now, rest.before) == (None, 6, 3)
    assert sum(one.now or 0 for one in [*lines, rest]) == 15
