"""Two agencies in one database: one is looked at, the other's rows are full of canaries."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, models, transaction

from sparkops.isolation.checks import client_models
from sparkops.isolation.models import ClientOwned
from sparkops.isolation.scope import client_scope
from tests.api.world import World, make_world
from tests.factories.cast import Cast, build_cast

CANARY = "Kanarie7Qx"
SHORTEST = 24
"""Columns that hold words of people or TikTok; shorter ones hold codes, currencies and states."""
OURS = {"timezone"}
"""Written by the product from its own tables, never by people or TikTok."""


@dataclass
class Stage:
    """`own` is what the members may see, `foreign` belongs to the stranger.

    `names` fills holes of addresses with TikTok's ids of foreign rows.
    """

    cast: Cast
    own: World
    foreign: World
    names: dict[str, str]


def make_stage() -> Stage:
    """The cast with a row of everything in its first client and in the foreign one."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        own = make_world(cast.client.pk)
    with client_scope(cast.foreign.pk):
        foreign = make_world(cast.foreign.pk)
        foreign.more(2)
        for model in client_models():
            fill(model, CANARY)
        shop = foreign.books.shop
        names = {
            "<str:order_id>": shop.orders.order_by("pk")[0].order_id,
            "<str:product_id>": shop.products.order_by("pk")[0].product_id,
            "<str:statement_id>": shop.statements.order_by("pk")[0].statement_id,
        }
    return Stage(cast, own, foreign, names)


def fill(model: type[models.Model], word: str) -> None:
    """Put `word` into every free text of the model's rows in the open scope.

    What the database protects from change (the ledger, the log) keeps its words.
    """
    for name in free_texts(model):
        try:
            with transaction.atomic():
                model._default_manager.exclude(**{name: ""}).update(**{name: word})
        except DatabaseError:
            continue


def free_texts(model: type[models.Model]) -> Iterator[str]:
    """Names of the model's columns for free text that need not be unique."""
    unique = {
        name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        for name in constraint.fields
    }
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField)
        is_free = not field.choices and not field.unique and field.name not in unique | OURS
        if is_text and is_free and (field.max_length or SHORTEST) >= SHORTEST:
            yield field.name


def foreign_ids(stage: Stage) -> list[int]:
    """Keys of rows of the foreign client, as somebody would try them in an address."""
    with client_scope(stage.cast.foreign.pk):
        return sorted(
            {
                pk
                for model in client_models()
                if issubclass(model, ClientOwned)
                for pk in model._default_manager.values_list("pk", flat=True)[:3]
                if isinstance(pk, int)
            }
        )
