"""Tables written in a template become cards on phones without losing what they mean."""

from django.template import Context, Template

HEAD = """<thead><tr><th scope="col">Creator</th><th scope="col" class="n">Amount &amp; tax</th>
<th scope="col">Paid</th><th scope="col"><span class="vh">Take back</span></th></tr></thead>"""
ROWS = """{% for name in names %}<tr><th scope="row">{{ name }}<span class="sub">one</span></th>
<td class="n num">$1.00</td><td></td><td><button>Take back</button></td></tr>{% empty %}
<tr><td colspan="4">None yet.</td></tr>{% endfor %}"""
FOOT = """<tr><th scope="row">Sum</th><td colspan="2">$1.00</td><td>x</td></tr>"""
TABLE = (
    '{% load web %}{% cards %}<table class="tbl tight"><caption class="vh">Fees</caption>'
    f"{HEAD}<tbody>{ROWS}</tbody><tfoot>{FOOT}</tfoot></table>{{% endcards %}}"
)


def drawn(*names: str) -> str:
    return Template(TABLE).render(Context({"names": names}))


def test_every_part_says_its_role_and_a_cell_its_heading() -> None:
    html = drawn("<mia>")
    assert '<table role="table" class="tbl tight stack cards">' in html
    assert html.count('role="rowgroup"') == 3 and html.count('role="row"') == 3
    assert html.count('role="columnheader"') == 4
    title = '<th role="rowheader" data-label="" scope="row" class="p-title">&lt;mia&gt;'
    assert title in html
    assert 'role="cell" data-label="Amount &amp; tax" class="n num p-pair">$1.00' in html


def test_an_empty_cell_is_left_out_and_a_hidden_heading_is_not_repeated() -> None:
    html = drawn("mia")
    assert '<td role="cell" data-label="Paid" class="p-none"></td>' in html
    assert '<td role="cell" data-label="" class="p-pair"><button>' in html


def test_a_cell_over_several_columns_keeps_the_headings_of_the_next() -> None:
    html = drawn()
    assert 'data-label="" colspan="4" class="p-title">None yet.' in html
    assert 'data-label="Amount &amp; tax" colspan="2" class="p-pair">$1.00' in html
    assert '<td role="cell" data-label="" class="p-pair">x' in html
