"""Documents on paper: a table that fits on a page is not torn."""

import re
from datetime import UTC, datetime

from sparkops.paper import Paper

ROWS = [[f"Product {number}", "1.00"] for number in range(10)]


def pages(*, together: bool) -> int:
    """The pages of a document whose second part begins near the foot of the first page."""
    paper = Paper("Profit", made_at=datetime(2026, 11, 1, tzinfo=UTC), language="en")
    for number in range(38):
        paper.small(f"Line {number}")
    for _ in range(4):
        paper.heading("By product", rows=len(ROWS) + 1 if together else 0)
        paper.table(["Product", "CM3"], ROWS)
    return len(re.findall(rb"/Type /Page\b", paper.pdf()))


def test_a_part_whose_table_would_be_torn_begins_the_next_page() -> None:
    torn = pages(together=False)
    assert torn == 2
    # 38 lines and none of the four tables of 80 mm; then three of them; then the last one.
    assert pages(together=True) == 3
