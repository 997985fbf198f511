"""Plain controls are drawn as Django's templates draw them, hostile values included."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from sparkops.web.widgets import WidgetRenderer

HOSTILE = "<b x='1'>\"&"


class Everything(forms.Form):
    word = forms.CharField(initial=HOSTILE, required=False)
    number = forms.DecimalField(initial="12.50", min_value=0)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput, initial=HOSTILE)
    yes = forms.BooleanField(initial=True)
    one = forms.ChoiceField(
        choices=[("", "All"), (HOSTILE, HOSTILE), ("safe", mark_safe("A &amp; B"))],
        initial=HOSTILE,
    )
    grouped = forms.ChoiceField(choices=[(HOSTILE, [("1", "One"), ("2", "Two")]), ("3", "Three")])
    many = forms.MultipleChoiceField(choices=[("1", "One"), ("2", "Two")], initial=["2"])
    long = forms.CharField(widget=forms.Textarea)


@pytest.mark.parametrize("name", Everything.base_fields)
def test_a_control_reads_as_django_writes_it(name):
    ours, theirs = (
        str(Everything(renderer=renderer)[name])
        for renderer in (WidgetRenderer(), DjangoTemplates())
    )
    assert _joined(ours) == _joined(theirs)
    assert "<b x=" not in ours


def _joined(markup):
    """Without the line ends that stand between tags, where they mean nothing."""
    return re.sub(r">\s+<", "><", markup)
