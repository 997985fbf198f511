"""Template tags: what they print, and that hostile text stays text."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template

NOW = datetime(2026, 11, 22, 14, 14, tzinfo=UTC)
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def draw(source, **context):
    return Template("{% load web %}" + source).render(Context({"now": NOW, **context}))


def test_money_keeps_to_one_line_and_a_loss_is_red_besides_its_sign():
    assert draw('{% money 12.5 "USD" %}') == '<span class="num">$12.50</span>'
    loss = draw('{% money amount "USD" %}', amount=Decimal("-12.5"))
    assert loss == '<span class="num neg">−$12.50</span>'
    assert draw('{{ amount|money:"JPY" }}', amount=1200) == "¥1,200"


def test_a_moment_carries_its_zone():
    end = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    assert draw('{% when end "America/New_York" %}', end=end) == (
        '<time datetime="2026-11-24T21:30:00Z" '
        'title="Tuesday, November 24, 2026, 4:30 PM EST">Tue Nov 24, 4:30 PM</time>'
    )
    assert draw("{% when end %}", end=None) == "—"
    assert ">4 min ago</time>" in draw("{% ago end %}", end=NOW - timedelta(minutes=4))


def test_time_left_names_time_and_date_and_draws_the_share_used():
    end = NOW + timedelta(days=2, hours=7)
    drawn = draw("{% time_left end start %}", end=end, start=end - timedelta(days=23))
    assert '<b class="tone-bad">2 d 7 h</b>' in drawn
    assert "Tue Nov 24" in drawn
    assert '<rect width="90.0" height="4"/>' in drawn  # 20 d 17 h of 23 d
    assert "svg" not in draw("{% time_left end %}", end=end)
    assert "2 d ago" in draw("{% time_left end %}", end=NOW - timedelta(days=2))


@pytest.mark.parametrize(
    ("word", "classes"),
    [
        ("Live in ads", "badge ok"),
        ("awaiting code", "badge half"),
        ("PAUSED_BY_GUARD", "badge warn"),
        ("Wrong post", "badge bad"),
        ("Code received", "badge info half"),
        ("A word TikTok made up", "badge "),
    ],
)
def test_badge_tones_follow_the_vocabulary(word, classes):
    assert draw("{% badge word %}", word=word) == f'<span class="{classes}">{word}</span>'


def test_a_change_is_good_or_poor_by_meaning():
    assert 'class="delta good"' in draw('{% delta 0.2 "up" %}')
    assert 'class="delta poor"' in draw('{% delta 0.2 "down" %}')
    assert 'class="delta good"' in draw('{% delta change "down" %}', change=Decimal("-0.2"))
    assert 'class="delta "' in draw("{% delta 0.2 %}")


def test_sparkline_marks_the_last_value_and_zero():
    drawn = draw("{% sparkline values %}", values=[4, -4])
    assert 'd="M3.0 3.0 L81.0 21.0"' in drawn
    assert '<circle cx="81" cy="21.0" r="2"/>' in drawn
    assert '<line class="zero" x1="3" x2="81" y1="12.0" y2="12.0"/>' in drawn
    assert draw("{% sparkline values %}", values=[4]) == ""


def test_split_bar_shares_the_width_by_count():
    drawn = draw("{% split_bar parts 'a' %}", parts=[(3, "a"), (0, "w"), (1, "b")])
    assert '<rect class="a" x="0.0" width="74.4"' in drawn
    assert '<rect class="b" x="75.0" width="25.0"' in drawn
    assert 'class="w"' not in drawn


def test_a_code_is_never_printed_whole():
    assert "3456789" not in draw("{{ code|masked }}", code="#aB3456789QxT")


@pytest.mark.parametrize(
    "source",
    [
        "{% badge text %}",
        '{% icon "key" "" text %}',
        "{% icon text %}",
        "{% avatar text %}",
        "{% bar 0.5 text text %}",
        "{% split_bar parts text %}",
        "{% sparkline values text text %}",
        "{% thumb text %}",
        "{% money 1 text %}",
        "{% plural 2 text %}",
        "{% panel text 'id' text %}",
        '{% include "parts/note.html" with lead=text text=text url=text action=text %}',
        '{% include "parts/empty.html" with title=text text=text url=text action=text %}',
        '{% include "parts/toast.html" with text=text tone=text undo_url=text %}',
        '{% include "parts/copy.html" with value=text label=text %}',
        '{% include "parts/stat.html" with label=text value=text note=text %}',
    ],
)
def test_hostile_text_stays_text(source):
    drawn = draw(source, text=HOSTILE, parts=[(1, HOSTILE)], values=[1, 2])
    assert "<img src=x" not in drawn
    assert "\"'&" not in drawn


class Budget(forms.Form):
    budget = forms.DecimalField(
        label="Budget a day", min_value=20, help_text="TikTok refuses less than $20.00."
    )
    reach = forms.ChoiceField(
        label="Who sees it", widget=forms.RadioSelect, choices=[("a", "All")], required=False
    )
    notify = forms.BooleanField(label="Tell me", required=False)


def test_a_field_ties_label_help_and_error_to_its_input():
    drawn = draw('{% field form.budget prefix="$" %}', form=Budget({"budget": "5"}))
    assert '<label for="id_budget">Budget a day</label>' in drawn
    assert 'aria-describedby="id_budget_error id_budget_helptext"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_budget_error"' in drawn
    assert 'id="id_budget_helptext"' in drawn


def test_a_field_without_trouble_names_no_error():
    drawn = draw("{% field form.budget %}", form=Budget({"budget": "25"}))
    assert 'aria-describedby="id_budget_helptext"' in drawn
    assert "_error" not in drawn
    assert "aria-invalid" not in drawn


def test_choices_are_a_group_with_a_legend():
    drawn = draw("{% field form.reach %}", form=Budget())
    assert "<fieldset" in drawn
    assert "<legend" in drawn


def test_the_error_summary_leads_to_the_fields():
    drawn = draw("{% error_summary form %}", form=Budget({"budget": "5"}))
    assert '<a href="#id_budget">' in drawn
    assert 'role="alert" tabindex="-1" autofocus' in drawn
    assert draw("{% error_summary form %}", form=Budget({"budget": "25"})).strip() == ""
    empty = Budget({"budget": ""})
    for tag in ("{% error_summary form %}", "{% field form.budget %}"):
        assert "Fill in “Budget a day”." in draw(tag, form=empty)
    assert draw("{% error_summary form %}", form=Budget()).strip() == ""
