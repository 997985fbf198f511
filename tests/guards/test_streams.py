"""Streams are declared in the apps and named in the platform's table: the two say the same."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from sparkops.landing.labels import LABELS
from sparkops.landing.streams import Stream

HOMES = (
    "sparkops.catalog.inbound",
    "sparkops.outreach.inbound",
    "creators.inbound",
    "authorizations.inbound",
    "campaigns.inbound",
    "profit.inbound",
)


def modules() -> Iterator[ModuleType]:
    for home in HOMES:
        yield (package := import_module(home))
        for found in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{home}."):
            yield import_module(found.name)


def streams() -> Iterator[Stream]:
    """Those with a name of their own, and those that stand in a tuple alone."""
    for module in modules():
        for value in vars(module).values():
            yield from (one for one in (value if isinstance(value, tuple) else (value,))
                        if isinstance(one, Stream))  # fmt: skip


def test_every_stream_is_in_the_table_under_its_own_label() -> None:
    assert {one.name: one.label for one in streams()} == {
        name: told.label for name, told in LABELS.items()
    }
    assert all(told.pages for told in LABELS.values())
