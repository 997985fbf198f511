"""A report as PDF."""

from decimal import Decimal

from sparkops.clock import shop_zone
from sparkops.paper import Paper
from sparkops.reports.models import Report
from sparkops.tenants.models import Client
from sparkops.web.formats import full_moment, integer, money


def report_pdf(client: Client, report: Report) -> bytes:
    """The report on A4, with the client's name and nothing of SparkOps or the agency."""
    name, content = client.shown_name, report.facts
    paper = Paper(
        f"{name}: {report}", made_at=report.made_at, language="en", foot=f"{name} · {report}"
    )
    paper.title(name)
    paper.paragraph(f"{report}\nAs of {full_moment(report.made_at, shop_zone(client.timezone))}")
    paper.table(("", "Number"), [(label, integer(value)) for label, value in content["answers"]])
    if rows := content.get("creators"):
        paper.heading("Creators whose posts sold most")
        paper.table(
            ("Creator", "Posts", "Views", "Orders", "Sales"),
            [
                (
                    f"@{one['handle']}",
                    integer(one["posts"]),
                    integer(one["views"]),
                    integer(one["sold"]),
                    _money(one["amount"], one["currency"]),
                )
                for one in rows
            ],
        )
    if rows := content.get("spend"):
        paper.heading("Ads")
        paper.table(
            ("Currency", "Spend", "Impressions", "Clicks", "Orders", "Revenue by TikTok"),
            [
                (
                    one["currency"],
                    _money(one["cost"], one["currency"]),
                    integer(one["shown"]),
                    integer(one["clicked"]),
                    integer(one["sold"]),
                    _money(one["revenue"], one["currency"]),
                )
                for one in rows
            ],
        )
    if rows := content.get("money"):
        paper.heading("Products in 30 days, after all costs")
        paper.table(
            ("Product", "Sales", "Left"),
            [
                (
                    one["product"],
                    _money(one["gmv"], one["currency"]),
                    _money(one["left"], one["currency"]),
                )
                for one in rows
            ],
        )
    return paper.pdf()


def _money(amount: Decimal | None, currency: str) -> str:
    return "Unit cost unknown" if amount is None else money(amount, currency)
