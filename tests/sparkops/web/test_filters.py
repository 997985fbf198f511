"""A filter bar's whole state is the query string."""

from django import forms
from django.http import QueryDict

from sparkops.web.filters import FilterBar


class Filters(forms.Form):
    q = forms.CharField(label="Search", required=False)
    status = forms.MultipleChoiceField(
        label="Status", required=False, choices=[("live", "Live in ads"), ("ended", "Ended")]
    )
    ends = forms.DateField(label="Ends before", required=False)
    mine = forms.BooleanField(label="Mine", required=False)


def bar(query):
    return FilterBar(Filters, QueryDict(query))


def chips(filters):
    return [(chip.label, chip.value, chip.clear_url) for chip in filters.chips]


def test_values_are_the_filled_and_valid_fields():
    assert bar("q=+serum+&status=live&status=ended&mine=on").values == {
        "q": "serum",
        "status": ["live", "ended"],
        "mine": True,
    }
    assert bar("").values == {}
    assert not bar("sort=-gmv").active


def test_a_wrong_value_filters_nothing_and_says_so():
    filters = bar("status=no-such&ends=soon&q=serum")
    assert filters.values == {"q": "serum"}
    assert filters.form["ends"].errors
    assert filters.form["status"].errors


def test_chips_name_choices_in_words_and_take_off_one_filter_each():
    filters = bar("q=serum&status=live&status=ended&mine=on&sort=-gmv&cursor=abc")
    assert chips(filters) == [
        ("Status", "Live in ads, Ended", "?q=serum&mine=on&sort=-gmv"),
        ("Mine", "yes", "?q=serum&status=live&status=ended&sort=-gmv"),
    ]


def test_following_every_chip_and_clear_ends_without_filters():
    query = "q=serum&status=live&mine=on&sort=-gmv&view=late&cursor=abc"
    while list(bar(query).chips):
        query = next(bar(query).chips).clear_url.removeprefix("?")
    assert bar(query).values == {"q": "serum"}
    assert bar(query).clear_url == "?sort=-gmv&view=late"


def test_submitting_the_bar_keeps_view_and_order_but_not_the_cursor():
    assert bar("sort=-gmv&view=late&cursor=abc&q=x").kept == [("view", "late"), ("sort", "-gmv")]


def test_hostile_text_in_the_url_stays_in_its_parameter():
    [chip] = bar("status=live&q=%22%3E%3Cscript%3E").chips
    assert chip.clear_url == "?q=%22%3E%3Cscript%3E"
