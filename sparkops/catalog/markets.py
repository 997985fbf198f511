"""Currency and zone of TikTok Shop's markets.

TikTok's shop object carries neither. The zone is the one its Seller Center reports in; a market
with several zones uses the one of its Seller Center.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Market:
    """Defaults of one market; `currency` ISO 4217, `timezone` IANA."""

    currency: str
    timezone: str


MARKETS = {
    "US": Market("USD", "America/Los_Angeles"),
    "GB": Market("GBP", "Europe/London"),
    "UK": Market("GBP", "Europe/London"),
    "DE": Market("EUR", "Europe/Berlin"),
    "FR": Market("EUR", "Europe/Paris"),
    "ES": Market("EUR", "Europe/Madrid"),
    "IT": Market("EUR", "Europe/Rome"),
    "IE": Market("EUR", "Europe/Dublin"),
    "ID": Market("IDR", "Asia/Jakarta"),
    "MY": Market("MYR", "Asia/Kuala_Lumpur"),
    "PH": Market("PHP", "Asia/Manila"),
    "SG": Market("SGD", "Asia/Singapore"),
    "TH": Market("THB", "Asia/Bangkok"),
    "VN": Market("VND", "Asia/Ho_Chi_Minh"),
    "JP": Market("JPY", "Asia/Tokyo"),
    "MX": Market("MXN", "America/Mexico_City"),
    "BR": Market("BRL", "America/Sao_Paulo"),
}


def market_of(region: str) -> Market:
    """Defaults for TikTok's region word; US dollars and UTC for one that is not known yet."""
    return MARKETS.get(region.upper(), Market("USD", "UTC"))
