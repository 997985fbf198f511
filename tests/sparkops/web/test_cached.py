"""Values of the cache are JSON on the server."""

import pickle
import secrets
from typing import Any

import pytest
import redis
from django.core.cache import cache


@pytest.fixture
def server(settings: Any) -> redis.Redis:
    """The cache server itself, with keys of this test alone."""
    own = {**settings.CACHES["default"], "KEY_PREFIX": secrets.token_hex(8)}
    settings.CACHES = {"default": own}
    return redis.Redis.from_url(settings.REDIS_URL)


def test_what_limits_keep_comes_back_as_it_was(server: redis.Redis) -> None:
    for value in (0, 7, True, "y", [1767225600.25, 1767225601.5], None):
        cache.set("kept", value, 60)
        assert cache.get("kept", "nothing") == value
    assert cache.add("counted", 0, 60)
    assert [cache.incr("counted"), cache.incr("counted")] == [1, 2]


def test_a_pickle_on_the_server_is_not_opened(server: redis.Redis) -> None:
    server.set(cache.make_key("planted"), pickle.dumps(["anything"]), ex=60)
    with pytest.raises(ValueError):
        cache.get("planted")
