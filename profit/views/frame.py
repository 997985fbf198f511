"""The tabs of profit, which keep shop, period and basis."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from profit.views.asked import Asked
from sparkops.web.listing import Tab

COST_PAGES = (
    ("costs", "Unit costs"),
    ("payments", "Payments to creators"),
    ("custom-costs", "Custom costs"),
    ("rates", "Exchange rates"),
    ("rules", "Fee rules"),
)
VIEWS = ("products", "creators", "posts", "campaigns", "sources")


def tabs_of(request: HttpRequest, asked: Asked, current: str) -> list[Tab]:
    """Every page of profit as a tab; `current` is its word, empty for the P&L."""
    slug = request.client.slug  # type: ignore[attr-defined]

    def url(name: str, **more: Any) -> str:
        return reverse(f"profit:{name}", kwargs={"client": slug, **more})

    query = asked.query()
    tabs = [Tab("P&L", f"{url('overview')}?{query}", current == "")]
    tabs += [
        Tab(view.capitalize(), f"{url('table', view=view)}?{query}", current == view)
        for view in VIEWS
    ]
    tabs.append(Tab("Orders", f"{url('orders')}?{query}", current == "orders"))
    counted = url("seller-center", by="creators")
    tabs.append(Tab("Seller Center", f"{counted}?{query}", current == "seller-center"))
    tabs.append(Tab("Overlap", f"{url('overlap')}?{query}", current == "overlap"))
    tabs.append(Tab("Statements", url("statements"), current == "statements"))
    tabs.append(Tab("Tie-out", f"{url('tie-out')}?{query}", current == "tie-out"))
    tabs.append(Tab("Restated", url("restatements"), current == "restatements"))
    tabs.append(Tab("Months", f"{url('months')}?{query}", current == "months"))
    tabs.append(Tab("What if", f"{url('what-if')}?{query}", current == "what-if"))
    tabs.append(Tab("Costs", url("costs"), current == "costs"))
    return tabs


def cost_tabs(request: HttpRequest, current: str) -> list[Tab]:
    """The pages of what people enter; `current` is the URL name of one."""
    slug = request.client.slug  # type: ignore[attr-defined]
    return [
        Tab(label, reverse(f"profit:{name}", kwargs={"client": slug}), name == current)
        for name, label in COST_PAGES
    ]


def crumbs_to(request: HttpRequest, page: str, label: str, **kwargs: Any) -> list[dict[str, str]]:
    """The way from the P&L over the list `page` (a URL name of profit) to the page `label`."""
    slug = request.client.slug  # type: ignore[attr-defined]

    def url(name: str, **more: Any) -> str:
        return reverse(f"profit:{name}", kwargs={"client": slug, **more})

    return [
        {"label": "Profit", "url": url("overview")},
        {"label": kwargs.get("view", page).capitalize(), "url": url(page, **kwargs)},
        {"label": label, "url": ""},
    ]
