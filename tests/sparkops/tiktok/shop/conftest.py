import pytest

from sparkops.tiktok.limits import NoLimiter
from sparkops.tiktok.shop.api import ShopApi
from tests.sparkops.tiktok.shop.wire import CIPHER, KEY, SECRET, TOKEN
from tests.sparkops.tiktok.stand_in import StandIn


@pytest.fixture
def api(tiktok: StandIn, transport_to) -> ShopApi:
    """The API of one shop, answered from a script."""
    return ShopApi(transport_to(tiktok.url), KEY, SECRET, TOKEN, CIPHER, NoLimiter())
