"""Pages of profit, below `/c/<client>/profit/`."""

from django.urls import path, re_path

from profit.views import costs, ledger, orders, overlap, overview, products, restatements, tie_out

app_name = "profit"

urlpatterns = [
    path("", overview.overview, name="overview"),
    re_path(r"^by/(?P<view>products|creators|posts)/$", overview.table, name="table"),
    path("products/<str:product_id>/", products.product, name="product"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:order_id>/", orders.order, name="order"),
    path("entries/", ledger.entries, name="entries"),
    path("statements/", ledger.statements, name="statements"),
    path("statements/<str:statement_id>/", ledger.statement, name="statement"),
    path("overlap/", overlap.overlap, name="overlap"),
    path("tie-out/", tie_out.tie_out, name="tie-out"),
    path("restatements/", restatements.restatements, name="restatements"),
    path("restatements/seen/", restatements.seen, name="restatements-seen"),
    path("costs/", costs.costs, name="costs"),
    path("costs/set/", costs.set_cost, name="set-cost"),
]
