"""How a client looks to creators and to itself: name, colour, logo."""

import hashlib
import re
import warnings
from datetime import datetime
from io import BytesIO

from PIL import Image

from sparkops.audit.record import Actor, record_for_organization
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client, Logo

MOST_BYTES = 1024 * 1024
LARGEST_LOGO = (480, 160)
READABLE = 4.6
"""Contrast of text; 4.5 is asked for (WCAG AA)."""
_LIGHT_PAGE, _DARK_PAGE = (241, 241, 238), (42, 42, 45)
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
Colour = tuple[int, int, int]


def change_brand(
    client: Client,
    *,
    name: str,
    accent: str,
    logo: bytes | None,
    keep_logo: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Change name, accent (`#rrggbb`, empty for none) and logo; without a new logo the present
    one stays if `keep_logo`. Raises Refusal for a colour or a picture that cannot be read."""
    accent = checked_accent(accent)
    picture = small_picture(logo) if logo else None
    before = _brand_of(client)
    client.brand_name, client.brand_accent = name.strip(), accent
    if picture is not None:
        client.brand_logo = hashlib.sha256(picture).hexdigest()
    elif not keep_logo:
        client.brand_logo = ""
    with client_scope(client.pk):
        if picture is not None:
            Logo.objects.get_or_create(name=client.brand_logo, defaults={"image": picture})
        client.save(update_fields=list(before))
        record_for_organization(
            "client.brand_changed",
            client.organization_id,
            client.name,
            by=by,
            now=now,
            data={"before": before, "after": _brand_of(client)},
        )


def checked_accent(accent: str) -> str:
    """The colour as it is kept, `#rrggbb` in lower case or empty. Raises Refusal for any other."""
    if accent and not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        raise Refusal(
            "colour", "Write the colour as # and six digits, like #2f5b45.", field="accent"
        )
    return accent.lower()


def small_picture(data: bytes) -> bytes:
    """The picture as a PNG of at most 480 x 160, without anything else that the file carried.

    Raises Refusal for what is no PNG, JPEG or WebP, or too large.
    """
    if len(data) > MOST_BYTES:
        raise Refusal("logo_large", "The logo may be at most 1 MB.", field="logo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
            picture.thumbnail(LARGEST_LOGO)
            kept = BytesIO()
            picture.convert("RGBA").save(kept, "PNG")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as error:
        raise Refusal(
            "logo", "The logo has to be a PNG, JPEG or WebP picture.", field="logo"
        ) from error
    return kept.getvalue()


def brand_css(accent: str) -> str:
    """The tokens of a brand's pages for `rrggbb`: darker on the light page and lighter on the dark
    one, until text in it can be read."""
    colour = _read(accent)
    light = _readable(colour, on=_LIGHT_PAGE, towards=_BLACK)
    dark = _readable(colour, on=_DARK_PAGE, towards=_WHITE)
    return (
        "@layer screens { .portal, .branded {"
        f" --brand: light-dark({_written(light)}, {_written(dark)});"
        " --brand-ink: light-dark(#fff, #0d1611);"
        f" --brand-wash: light-dark({_written(_mixed(light, _WHITE, 0.93))},"
        f" {_written(_mixed(dark, _BLACK, 0.9))}); }} }}\n"
    )


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours by WCAG, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _readable(colour: Colour, *, on: Colour, towards: Colour) -> Colour:
    steps = (_mixed(colour, towards, share / 50) for share in range(51))
    return next(one for one in steps if contrast(one, on) >= READABLE)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if (part := value / 255) <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for value in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (
        round(one + (two - one) * share) for one, two in zip(colour, other, strict=True)
    )
    return red, green, blue


def _read(accent: str) -> Colour:
    red, green, blue = bytes.fromhex(accent)
    return red, green, blue


def _written(colour: Colour) -> str:
    return "#" + bytes(colour).hex()


def _brand_of(client: Client) -> dict[str, str]:
    return {
        "brand_name": client.brand_name,
        "brand_accent": client.brand_accent,
        "brand_logo": client.brand_logo,
    }
