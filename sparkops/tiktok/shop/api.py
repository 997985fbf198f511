"""The Shop Open API of one shop, by area.

with Transport("https://open-api.tiktokglobalshop.com", "shop") as transport:
    api = ShopApi(transport, app_key, app_secret, access_token, shop_cipher, limiter)
    for page in api.orders.search(update_time_ge=since):
        store(page.raw, page.next_token, page.request_id)
        load(page.items)
"""

from __future__ import annotations

from collections.abc import Mapping

from sparkops.tiktok.limits import Limiter
from sparkops.tiktok.shop.affiliate import Affiliate
from sparkops.tiktok.shop.analytics import Analytics
from sparkops.tiktok.shop.caller import Caller
from sparkops.tiktok.shop.collaborations import Collaborations
from sparkops.tiktok.shop.creators import Creators
from sparkops.tiktok.shop.finance import Finance
from sparkops.tiktok.shop.messages import Messages
from sparkops.tiktok.shop.orders import Orders
from sparkops.tiktok.shop.products import Products
from sparkops.tiktok.shop.returns import Returns
from sparkops.tiktok.shop.samples import Samples
from sparkops.tiktok.shop.shops import Shops
from sparkops.tiktok.transport import Transport

API_URL = "https://open-api.tiktokglobalshop.com"
AUTH_URL = "https://auth.tiktok-shops.com"


class ShopApi:
    """All areas over one transport.

    Without ``shop_cipher`` only the calls of ``shops`` that need none work. ``limiter`` should be
    shared by all processes; without one, a limiter of this object keeps the pace. ``versions``
    overrides pinned versions per endpoint key (see ``endpoints.ENDPOINTS``).
    """

    def __init__(
        self,
        transport: Transport,
        app_key: str,
        app_secret: str,
        access_token: str,
        shop_cipher: str = "",
        limiter: Limiter | None = None,
        *,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        caller = Caller(
            transport,
            app_key=app_key,
            app_secret=app_secret,
            access_token=access_token,
            shop_cipher=shop_cipher,
            limiter=limiter,
            versions=versions,
        )
        self.shops = Shops(caller)
        self.orders = Orders(caller)
        self.returns = Returns(caller)
        self.products = Products(caller)
        self.finance = Finance(caller)
        self.creators = Creators(caller)
        self.collaborations = Collaborations(caller)
        self.affiliate = Affiliate(caller)
        self.samples = Samples(caller)
        self.messages = Messages(caller)
        self.analytics = Analytics(caller)
