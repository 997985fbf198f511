"""In which language and zone a creator is written to."""

from sparkops.renewals.rules.texts import DEFAULT_LANGUAGE, SHIPPED

LANGUAGE_OF_REGION: dict[str, str] = {
    "US": "en", "GB": "en", "IE": "en", "AU": "en", "CA": "en", "SG": "en", "PH": "en", "MY": "en",
    "ES": "es", "MX": "es", "AR": "es", "CL": "es", "CO": "es", "PE": "es",
    "ID": "id", "VN": "vi", "TH": "th", "DE": "de", "AT": "de", "CH": "de",
    "FR": "fr", "BE": "fr", "IT": "it", "BR": "pt", "PT": "pt",
}  # fmt: skip

# The zone most people of a region live in; a creator's own zone counts before it.
ZONE_OF_REGION: dict[str, str] = {
    "US": "America/New_York", "GB": "Europe/London", "IE": "Europe/Dublin",
    "AU": "Australia/Sydney", "CA": "America/Toronto", "SG": "Asia/Singapore",
    "PH": "Asia/Manila", "MY": "Asia/Kuala_Lumpur", "ES": "Europe/Madrid",
    "MX": "America/Mexico_City", "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago", "CO": "America/Bogota", "PE": "America/Lima",
    "ID": "Asia/Jakarta", "VN": "Asia/Ho_Chi_Minh", "TH": "Asia/Bangkok",
    "DE": "Europe/Berlin", "AT": "Europe/Vienna", "CH": "Europe/Zurich",
    "FR": "Europe/Paris", "BE": "Europe/Brussels", "IT": "Europe/Rome",
    "BR": "America/Sao_Paulo", "PT": "Europe/Lisbon",
}  # fmt: skip


def language_of(region: str, fallback: str = DEFAULT_LANGUAGE) -> str:
    """The language for a creator's region; `fallback` where it is not known."""
    found = LANGUAGE_OF_REGION.get(region.upper(), fallback)
    return found if found in SHIPPED else DEFAULT_LANGUAGE


def zone_of(own: str, region: str, fallback: str) -> str:
    """The creator's zone: their own, else their region's, else `fallback` (the client's)."""
    return own or ZONE_OF_REGION.get(region.upper(), fallback)
