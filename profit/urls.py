"""Pages of profit, below `/c/<client>/profit/`."""

from django.urls import path, re_path

from profit.views import costs, ledger, overview

app_name = "profit"

urlpatterns = [
    path("", overview.overview, name="overview"),
    re_path(r"^by/(?P<view>products|creators|posts)/$", overview.table, name="table"),
    path("entries/", ledger.entries, name="entries"),
    path("statements/", ledger.statements, name="statements"),
    path("costs/", costs.costs, name="costs"),
    path("costs/set/", costs.set_cost, name="set-cost"),
]
