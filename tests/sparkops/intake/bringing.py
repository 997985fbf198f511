"""Bringing a sheet in tests: the same steps a person takes, without the pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from authorizations.models import Authorization, Redemption, Transition
from creators.models import Creator, Handle, Post
from profit.models import CreatorFee
from sparkops.audit.record import Actor
from sparkops.catalog.models import AdAccount, Shop
from sparkops.connections.models import Connection
from sparkops.intake.actions.checking import choose_mapping, preview
from sparkops.intake.actions.running import run_batch, start_run
from sparkops.intake.actions.start import start_pasted
from sparkops.intake.actions.undoing import start_undo, undo_batch
from sparkops.intake.models import Import, ImportRow
from sparkops.intake.rules.layout import Choices
from sparkops.sheets.headers import Field
from sparkops.tenants.permissions import Permission

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
BY = Actor("Ada Manager", 1)
DOMAIN = (Creator, Handle, Post, Authorization, Transition, Redemption, CreatorFee)


def may_all(_permission: Permission) -> bool:
    return True


def make_shop() -> Shop:
    connection = Connection.objects.create(
        kind="shop", external_id="s1", label="Glow", connected_at=NOW, connected_by="Ada"
    )
    return Shop.objects.create(
        connection=connection,
        shop_id="7001",
        cipher="c",
        name="Glow US",
        market="US",
        currency="USD",
        timezone="America/Los_Angeles",
    )


def make_ad_account() -> AdAccount:
    connection = Connection.objects.create(
        kind="ads", external_id="a1", label="Glow Ads", connected_at=NOW, connected_by="Ada"
    )
    return AdAccount.objects.create(
        connection=connection,
        advertiser_id="7100",
        name="Glow Ads",
        currency="USD",
        timezone="America/Los_Angeles",
        utc_offset_minutes=-480,
    )


def choices(**changes: Any) -> Choices:
    return Choices(**{"currency": "USD", "fee_day": TODAY, **changes})


def check(
    batch: Import, chosen: Choices | None = None, *, may: Callable[[Permission], bool] = may_all
) -> Import:
    """Take the proposed columns and preview."""
    fields = [Field(one["field"]) if one["field"] else None for one in batch.proposal]
    choose_mapping(batch, fields, chosen or choices(), may=may, by=BY, now=NOW)
    preview(batch)
    batch.refresh_from_db()
    return batch


def run(batch: Import, *, size: int = 50) -> Import:
    start_run(batch, may=may_all, by=BY, now=NOW)
    while run_batch(batch.pk, now=NOW, size=size):
        pass
    batch.refresh_from_db()
    return batch


def take_back(batch: Import, *, size: int = 50) -> Import:
    start_undo(batch, may=may_all, by=BY, now=NOW)
    while undo_batch(batch.pk, now=NOW, size=size):
        pass
    batch.refresh_from_db()
    return batch


def bring(text: str, chosen: Choices | None = None) -> Import:
    """Paste, check and run."""
    return run(check(start_pasted(text, by=BY, now=NOW), chosen))


def results(batch: Import) -> dict[int, tuple[str, str]]:
    """Result and sentence of every row, by its number."""
    rows = ImportRow.objects.filter(batch=batch).order_by("number")
    return {row.number: (row.result, row.reason) for row in rows}


def remarks(batch: Import, number: int) -> list[str]:
    """The codes of what was remarked on a row."""
    row = ImportRow.objects.get(batch=batch, number=number)
    return [one["code"] for one in row.remarks]


def domain() -> dict[str, list[dict[str, Any]]]:
    """Every domain row an import can touch, field by field."""
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in DOMAIN}
