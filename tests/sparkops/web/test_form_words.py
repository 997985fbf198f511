"""What a form says when something is wrong or missing."""

import pytest
from django import forms
from django.utils import translation

from sparkops.web.forms import problems, told


class Wish(forms.Form):
    name = forms.CharField(label="Name", max_length=3)
    shop = forms.ChoiceField(label="Shop", choices=[("a", "A")])
    agreed = forms.BooleanField(label="I agree")
    share = forms.IntegerField(label="Share", min_value=1, max_value=80, required=False)
    why = forms.CharField(label="Why", error_messages={"required": "Say why."})


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Fill in “Name”."),
        ("name", "long", "“Name”: write at most 3 characters."),
        ("shop", "", "Choose “Shop”."),
        ("agreed", "", "Tick “I agree”."),
        ("share", "81", "“Share”: enter 80 or less."),
        ("share", "0", "“Share”: enter 1 or more."),
        ("why", "", "Say why."),
        ("share", "many", "Enter a whole number."),
    ],
)
def test_what_is_wrong_names_the_field_and_the_way_out(field: str, value: str, said: str) -> None:
    form = Wish({field: value})
    assert told(form[field]) == [said]
    assert said in [one.text for one in problems(form)]


def test_another_language_keeps_its_own_words() -> None:
    with translation.override("de"):
        assert told(Wish({})["name"]) == ["Dieses Feld ist zwingend erforderlich."]
