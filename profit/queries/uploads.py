"""What a file holds, and what is known of everything it names."""

import json
from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from profit.models import Upload
from profit.rules.uploads import exports, gmv_max, returns, statements, unit_costs
from profit.rules.uploads.cells import Choices, Reader
from profit.rules.uploads.columns import Columns, Wanted, chosen
from profit.rules.uploads.exports import Taken
from profit.rules.uploads.unit_costs import Cost, Decided, Known
from sparkops.catalog.models import AdAccount, Shop, Sku, UnitCost
from sparkops.connections.vault import vault
from sparkops.isolation.scope import current_client_id
from sparkops.sheets.dates import DayOrder
from sparkops.sheets.sheet import Row

PURPOSE = "upload"
MONTH_FIRST = frozenset({"USD", "PHP"})
WANTED: dict[str, tuple[Wanted, ...]] = {
    Upload.Kind.UNIT_COSTS: unit_costs.WANTED,
    Upload.Kind.ORDERS: exports.ORDERS,
    Upload.Kind.AFFILIATE: exports.AFFILIATE,
    Upload.Kind.RETURNS: returns.RETURNS,
    Upload.Kind.STATEMENTS: statements.STATEMENTS,
    Upload.Kind.ADS: exports.ADS,
    Upload.Kind.GMV_MAX: gmv_max.GMV_MAX,
}
EXPORTS = tuple(kind for kind in WANTED if kind != Upload.Kind.UNIT_COSTS)
_OF_SHOPS = {
    Upload.Kind.ORDERS: exports.orders,
    Upload.Kind.AFFILIATE: exports.affiliate_orders,
    Upload.Kind.RETURNS: returns.returns,
    Upload.Kind.STATEMENTS: statements.statements,
}


def uploads(*kinds: str) -> QuerySet[Upload]:
    """Files of some kinds, without the weight of their rows."""
    return Upload.objects.filter(kind__in=kinds).defer("rows", "done")


def rows_of(upload: Upload) -> list[Row]:
    """The records of a file, opened."""
    text = vault().open(bytes(upload.rows), client_id=current_client_id(), purpose=PURPOSE)
    return [Row(number, tuple(cells)) for number, cells in json.loads(text)]


def columns_of(upload: Upload) -> Columns:
    """Where the file holds what."""
    return chosen(upload.headers, WANTED[upload.kind], upload.columns)


def choices_of(upload: Upload) -> Choices:
    """What counts where a row says nothing."""
    said = upload.choices
    return Choices(
        currency=said["currency"],
        day=date.fromisoformat(said["day"]),
        day_order=DayOrder(said["day_order"]) if said.get("day_order") else None,
        usual=_usual_order(upload),
    )


def _usual_order(upload: Upload) -> DayOrder | None:
    """How TikTok's own pages write dates; people write them in any way."""
    if upload.kind == Upload.Kind.UNIT_COSTS:
        return None
    first = upload.choices["currency"] in MONTH_FIRST
    return DayOrder.MONTH_FIRST if first else DayOrder.DAY_FIRST


def decided_costs(upload: Upload) -> list[Decided]:
    """What saving a file of unit costs would do, row by row. Two queries; nothing while a column
    that is needed is not chosen."""
    columns = columns_of(upload)
    if columns.missing:
        return []
    rows = rows_of(upload)
    reader = Reader(upload.headers, rows, columns, choices_of(upload))
    return unit_costs.decided(rows, reader, _known({reader.text(row, "sku") for row in rows}))


def taken(upload: Upload) -> Taken:
    """The records of an export in the shape of the API, and the rows left out; nothing while a
    column that is needed is not chosen."""
    columns = columns_of(upload)
    if columns.missing:
        return Taken([], [])
    rows = rows_of(upload)
    reader = Reader(upload.headers, rows, columns, choices_of(upload))
    if upload.kind == Upload.Kind.ADS:
        return exports.ad_days(rows, reader)
    if upload.kind == Upload.Kind.GMV_MAX:
        return gmv_max.gmv_max_days(rows, reader)
    shop = target_of(upload)
    assert isinstance(shop, Shop)
    read = _OF_SHOPS[Upload.Kind(upload.kind)]
    return read(rows, reader, zone=shop.timezone, currency=shop.currency)


def target_of(upload: Upload) -> Shop | AdAccount:
    """The shop or ad account that an export is of. Raises DoesNotExist when it is gone."""
    model = AdAccount if Upload.is_of_ad_account(upload.kind) else Shop
    return model.objects.select_related("connection").get(pk=upload.choices["target"])


def _known(names: Collection[str]) -> Known:
    """SKUs that go by one of the names, and their costs."""
    wanted = {name.casefold() for name in names}
    by_name: dict[str, set[int]] = {}
    for key, sku_id, seller_sku in Sku.objects.values_list("pk", "sku_id", "seller_sku"):
        for name in (sku_id.casefold(), seller_sku.casefold()):
            if name in wanted:
                by_name.setdefault(name, set()).add(key)
    keys = {key for found in by_name.values() for key in found}
    costs = UnitCost.objects.filter(sku__in=keys)
    return Known(
        {name: tuple(sorted(found)) for name, found in by_name.items()},
        {
            (sku, day): Cost(amount, currency)
            for sku, day, amount, currency in costs.values_list(
                "sku_id", "effective_from", "amount", "currency"
            )
        },
    )
