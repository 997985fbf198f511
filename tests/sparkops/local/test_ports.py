import socket

import pytest

from sparkops.local import ports
from sparkops.local.errors import LocalFault


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_taken_port_gives_the_next_free_one(taken):
    with ports.reserve(taken) as held:
        assert taken < held.getsockname()[1] < taken + 200


def test_a_reserved_port_is_neither_open_nor_available(taken):
    with ports.reserve(0) as held:
        port = held.getsockname()[1]
        assert not ports.is_answered(port)
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))


def test_a_port_taken_on_all_addresses_counts_as_taken():
    with socket.create_server(("0.0.0.0", 0)) as listening:
        port = listening.getsockname()[1]
        with ports.reserve(port) as held:
            assert held.getsockname()[1] != port


def test_when_every_try_fails_the_option_is_named(taken):
    with pytest.raises(LocalFault, match="--port"):
        ports.reserve(taken, tries=1)


def test_the_last_port_is_kept_while_it_is_free(taken):
    free = ports.free_port()
    assert ports.free_port(free) == free
    assert ports.free_port(taken) != taken
