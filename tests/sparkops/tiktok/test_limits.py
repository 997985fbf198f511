import pytest

from sparkops.tiktok.errors import Throttled
from sparkops.tiktok.limits import MemoryLimiter, NoLimiter, Rate


class Clock:
    """Time that moves only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def limiter(clock: Clock, rate: Rate | None, max_wait: float = 30.0) -> MemoryLimiter:
    return MemoryLimiter(
        lambda key: rate, api="shop", max_wait=max_wait, clock=clock, sleep=clock.sleep
    )


def test_a_burst_passes_and_then_the_rate_holds():
    clock = Clock()
    bucket = limiter(clock, Rate(per_second=2, burst=3))
    for _ in range(5):
        bucket.acquire("shop-1")
    assert clock.slept == [0.5, 0.5]


def test_an_idle_bucket_fills_up_again_but_not_beyond_its_burst():
    clock = Clock()
    bucket = limiter(clock, Rate(per_second=1, burst=2))
    for _ in range(2):
        bucket.acquire("k")
    clock.now += 3600
    for _ in range(3):
        bucket.acquire("k")
    assert clock.slept == [1.0]


def test_keys_do_not_share_a_bucket():
    clock = Clock()
    bucket = limiter(clock, Rate(per_second=1))
    bucket.acquire("a")
    bucket.acquire("b")
    assert clock.slept == []


def test_a_dear_call_takes_more():
    clock = Clock()
    bucket = limiter(clock, Rate(per_second=1, burst=5))
    bucket.acquire("k", cost=5)
    bucket.acquire("k", cost=2)
    assert clock.slept == [2.0]


def test_a_long_wait_is_refused_and_takes_nothing():
    clock = Clock()
    bucket = limiter(clock, Rate(per_second=0.1), max_wait=5)
    bucket.acquire("k")
    for _ in range(3):
        with pytest.raises(Throttled) as caught:
            bucket.acquire("k")
        assert caught.value.retry_after == pytest.approx(10)
    clock.now += 10
    bucket.acquire("k")
    assert clock.slept == []


def test_a_block_holds_everybody_until_it_ends():
    clock = Clock()
    bucket = limiter(clock, Rate(per_second=100, burst=10))
    bucket.block("k", 4)
    bucket.block("k", 1)
    bucket.acquire("k")
    bucket.acquire("other")
    assert clock.slept == [4.0]


def test_a_block_also_holds_a_key_without_a_rate():
    clock = Clock()
    bucket = limiter(clock, None)
    bucket.acquire("k")
    bucket.block("k", 300)
    with pytest.raises(Throttled) as caught:
        bucket.acquire("k")
    assert caught.value.retry_after == 300


def test_no_limiter_never_waits():
    free = NoLimiter()
    free.block("k", 1000)
    free.acquire("k")
