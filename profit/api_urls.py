"""Profit in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from profit.api import books, costs, months, reports

urlpatterns = [
    path("pnl/", reports.PNL, name="api-pnl"),
    path("pnl/groups/", reports.GROUPS, name="api-pnl-groups"),
    path("orders/", books.ORDERS, name="api-orders"),
    path("orders/<str:order_id>/", books.ORDER, name="api-order"),
    path("ledger-entries/", books.ENTRY_LIST, name="api-ledger-entries"),
    path("statements/", books.STATEMENTS, name="api-statements"),
    path("statements/<str:statement_id>/", books.STATEMENT, name="api-statement"),
    path("unit-costs/", costs.UNIT_COSTS, name="api-unit-costs"),
    path("creator-fees/", costs.CREATOR_FEES, name="api-creator-fees"),
    path("custom-costs/", costs.CUSTOM_COSTS, name="api-custom-costs"),
    path("exchange-rates/", costs.FX_RATES, name="api-exchange-rates"),
    path("fee-rules/", costs.FEE_RULES, name="api-fee-rules"),
    *(
        path(f"{address}/<int:pk>/remove/", removal, name=f"api-remove-{address}")
        for address, removal in costs.REMOVALS.items()
    ),
    path("months/", months.MONTHS, name="api-months"),
    path("months/<str:month>/close/", months.CLOSE, name="api-month-close"),
    path("months/<str:month>/reopen/", months.REOPEN, name="api-month-reopen"),
    path("journal/", months.JOURNAL, name="api-journal"),
    path("restatements/", months.RESTATEMENTS, name="api-restatements"),
]
