from collections.abc import Callable, Iterator

import pytest

from sparkops.tiktok.errors import Api
from sparkops.tiktok.transport import Transport
from tests.sparkops.tiktok.stand_in import StandIn, serving

NOW = 1_795_305_600.0


@pytest.fixture
def tiktok() -> Iterator[StandIn]:
    """A server that answers from a script."""
    with serving() as stand_in:
        yield stand_in


@pytest.fixture
def slept() -> list[float]:
    """The waits a transport of this test has made, without making them."""
    return []


@pytest.fixture
def transport_to(slept: list[float]) -> Iterator[Callable[..., Transport]]:
    """Makes transports whose clock stands still, whose sleep is noted and whose draw is 1."""
    made: list[Transport] = []

    def make(url: str, api: Api = "shop", **options: object) -> Transport:
        settings = {"sleep": slept.append, "clock": lambda: NOW, "draw": lambda: 1.0} | options
        transport = Transport(url, api, **settings)  # type: ignore[arg-type]
        made.append(transport)
        return transport

    yield make
    for transport in made:
        transport.close()
