"""Pages of profit, below `/c/<client>/profit/`."""

from django.urls import path, re_path

from profit.views import (
    closing,
    costs,
    exports,
    headline,
    inputs,
    journal,
    ledger,
    orders,
    overlap,
    overview,
    products,
    restatements,
    seller_center,
    subjects,
    tie_out,
    uploads,
    what_if,
)

app_name = "profit"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("figures/", headline.pin, name="pin"),
    re_path(
        r"^by/(?P<view>products|creators|posts|campaigns|sources)/$", overview.table, name="table"
    ),
    path("products/<str:product_id>/", products.product, name="product"),
    re_path(
        r"^seller-center/(?P<by>products|creators|videos|lives)/$",
        seller_center.seller_center,
        name="seller-center",
    ),
    path("creators/<str:handle>/", subjects.creator, name="creator"),
    path("posts/<str:item_id>/", subjects.post, name="post"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:order_id>/", orders.order, name="order"),
    path("entries/", ledger.entries, name="entries"),
    path("statements/", ledger.statements, name="statements"),
    path("statements/<str:statement_id>/", ledger.statement, name="statement"),
    path("overlap/", overlap.overlap, name="overlap"),
    path("tie-out/", tie_out.tie_out, name="tie-out"),
    path("journal/", journal.month_journal, name="journal"),
    path("months/", closing.months, name="months"),
    path("months/<str:month>/later/", closing.later, name="month-later"),
    path("months/<str:month>/report.pdf", closing.report, name="month-report"),
    path("months/<str:month>/close/", closing.close, name="month-close"),
    path("months/<str:month>/reopen/", closing.reopen, name="month-reopen"),
    path("exports/", exports.export_files, name="exports"),
    path("exports/<int:pk>/", exports.export_file, name="export"),
    path("exports/<int:pk>/save/", exports.save_file, name="export-save"),
    path("what-if/", what_if.what_if, name="what-if"),
    path("restatements/", restatements.restatements, name="restatements"),
    path("restatements/seen/", restatements.seen, name="restatements-seen"),
    path("costs/", costs.costs, name="costs"),
    path("costs/payments/", inputs.payments, name="payments"),
    path("costs/payments/<int:pk>/remove/", inputs.remove_payment, name="payment-remove"),
    path("costs/custom/", inputs.custom_costs, name="custom-costs"),
    path("costs/custom/<int:pk>/remove/", inputs.remove_cost, name="custom-cost-remove"),
    path("costs/files/", uploads.cost_files, name="cost-files"),
    path("costs/files/<int:pk>/", uploads.cost_file, name="cost-file"),
    path("costs/files/<int:pk>/save/", uploads.save_file, name="cost-file-save"),
    path("costs/files/<int:pk>/undo/", uploads.undo_file, name="cost-file-undo"),
    path("costs/rates/", inputs.rates, name="rates"),
    path("costs/rates/<int:pk>/remove/", inputs.remove_rate, name="rate-remove"),
    path("costs/rules/", inputs.rules, name="rules"),
    path("costs/rules/<int:pk>/remove/", inputs.remove_rule, name="rule-remove"),
    path("costs/set/", costs.set_cost, name="set-cost"),
]
