"""The make-believe brands and how much of everything a world gets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProductPlan:
    """``variants``: (name, price in the brand's currency). ``share`` = weight in orders."""

    title: str
    sku: str
    category: str
    variants: tuple[tuple[str, str], ...]
    share: float
    tag: str


@dataclass(frozen=True)
class AdvertiserPlan:
    """``timezone`` in the API's own words: Etc/GMT+8 is UTC-8. ``fx`` from the shop's currency."""

    suffix: str
    currency: str
    country: str
    timezone: str
    display_timezone: str
    utc_offset_hours: int
    fx: str = "1"


@dataclass(frozen=True)
class BrandPlan:
    key: str
    name: str
    market: str
    currency: str
    zone: str
    language: str
    prices_include_tax: bool
    tax_rate: str
    referral_rate: str
    advertisers: tuple[AdvertiserPlan, ...]
    products: tuple[ProductPlan, ...]
    handles: tuple[str, ...]
    names: tuple[str, ...]
    captions: tuple[str, ...]
    cities: tuple[str, ...]
    shipping_list: str
    free_shipping_from: str
    carrier_fee: str


@dataclass(frozen=True)
class Scale:
    """How much of everything. ``future_days`` are planned ahead for a clock that runs forward."""

    brands: int
    creators: int
    posts: int
    orders: int
    days: int = 90
    future_days: int = 30
    samples: int = 14


SCALES = {
    "demo": Scale(brands=3, creators=40, posts=90, orders=1200),
    "tiny": Scale(brands=1, creators=6, posts=22, orders=60, days=30, future_days=10, samples=3),
    "empty": Scale(brands=1, creators=0, posts=0, orders=0, samples=0),
}

US = BrandPlan(
    key="lumen",
    name="Lumen Skin",
    market="US",
    currency="USD",
    zone="America/Los_Angeles",
    language="en",
    prices_include_tax=False,
    tax_rate="0.0825",
    referral_rate="0.06",
    advertisers=(
        AdvertiserPlan("US", "USD", "US", "Etc/GMT+8", "America/Los_Angeles", -8),
        AdvertiserPlan("US Creators", "USD", "US", "Etc/GMT+5", "America/New_York", -5),
    ),
    products=(
        ProductPlan(
            "Dew Serum 30ml", "LS-DEW", "Skincare", (("30ml", "28"), ("50ml", "39")), 5, "dewserum"
        ),
        ProductPlan(
            "Night Repair Mask 75ml", "LS-NIGHT", "Skincare", (("75ml", "24"),), 3, "nightmask"
        ),
        ProductPlan(
            "Mineral Sun Stick SPF 50",
            "LS-SUN",
            "Suncare",
            (("Clear", "19.5"), ("Tinted", "21")),
            3,
            "sunstick",
        ),
        ProductPlan(
            "Barrier Cream 50ml", "LS-BAR", "Skincare", (("50ml", "32"),), 2, "barriercream"
        ),
        ProductPlan("Glow Starter Set", "LS-SET", "Sets", (("3 pieces", "64"),), 1, "glowset"),
    ),
    handles=(
        "maya.makes",
        "glowwithtess",
        "noah.reviews",
        "skinbyzoe",
        "itsjordanlee",
        "carlascloset",
        "dermdan",
        "softlyava",
        "theluxelab",
        "ninaatnight",
        "brookebarefaced",
        "petra.pores",
    ),
    names=(
        "Maya",
        "Tess",
        "Noah",
        "Zoe",
        "Jordan",
        "Carla",
        "Dan",
        "Ava",
        "Lu",
        "Nina",
        "Brooke",
        "Petra",
    ),
    captions=(
        "my 3 step night routine with the {tag}",
        "7 days with the {product}, no filter",
        "is the {product} worth {price}? honest review",
        "get ready with me + the {tag} everyone asks about",
        "restocking my shelf, {tag} edition",
        "what my dermatologist said about the {tag}",
    ),
    cities=("Austin", "San Diego", "Columbus", "Tampa", "Denver", "Portland"),
    shipping_list="5.99",
    free_shipping_from="35",
    carrier_fee="4.31",
)

UK = BrandPlan(
    key="harbour",
    name="Harbour & Pine",
    market="GB",
    currency="GBP",
    zone="Europe/London",
    language="en",
    prices_include_tax=True,
    tax_rate="0.20",
    referral_rate="0.09",
    advertisers=(AdvertiserPlan("UK", "USD", "GB", "Etc/GMT", "Europe/London", 0, "1.27"),),
    products=(
        ProductPlan(
            "Sea Salt Candle",
            "HP-SALT",
            "Home fragrance",
            (("180g", "18"), ("300g", "26")),
            4,
            "seasaltcandle",
        ),
        ProductPlan(
            "Cedar Reed Diffuser",
            "HP-CEDAR",
            "Home fragrance",
            (("100ml", "22"),),
            3,
            "cedardiffuser",
        ),
        ProductPlan(
            "Linen Mist", "HP-MIST", "Home fragrance", (("200ml", "12.5"),), 3, "linenmist"
        ),
        ProductPlan(
            "Winter Trio Gift Box", "HP-TRIO", "Gifts", (("3 candles", "39"),), 2, "wintertrio"
        ),
    ),
    handles=(
        "cosy.cottage",
        "ellieathome",
        "georgiarestyles",
        "thetinyterrace",
        "hollyhygge",
        "renter.reno",
        "samcleans",
        "pippa.plans",
        "northernnest",
        "immyinteriors",
        "fernandfig",
        "olliesflat",
    ),
    names=(
        "Beth",
        "Ellie",
        "Georgia",
        "Priya",
        "Holly",
        "Rhys",
        "Sam",
        "Pippa",
        "Alice",
        "Immy",
        "Fern",
        "Ollie",
    ),
    captions=(
        "cosy night in with the {tag}",
        "my flat smells like the seaside: {product}",
        "5 things under {price} that make a home feel posh",
        "reset my living room with me ({tag})",
        "gift ideas: the {product} sold out last year",
    ),
    cities=("Leeds", "Bristol", "Cardiff", "Glasgow", "Norwich", "Brighton"),
    shipping_list="3.49",
    free_shipping_from="30",
    carrier_fee="3.05",
)

DE = BrandPlan(
    key="kornblume",
    name="Kornblume Küche",
    market="DE",
    currency="EUR",
    zone="Europe/Berlin",
    language="de",
    prices_include_tax=True,
    tax_rate="0.19",
    referral_rate="0.09",
    advertisers=(AdvertiserPlan("DE", "EUR", "DE", "Etc/GMT-1", "Europe/Berlin", 1),),
    products=(
        ProductPlan(
            "Gewürzmühle Eiche",
            "KK-MUEHLE",
            "Küche",
            (("Eiche", "34.9"), ("Nuss", "37.9")),
            4,
            "gewuerzmuehle",
        ),
        ProductPlan("Brotbackform 30 cm", "KK-BROT", "Küche", (("30 cm", "29.9"),), 3, "brotform"),
        ProductPlan(
            "Vorratsglas 4er-Set", "KK-GLAS", "Küche", (("4 Stück", "24.5"),), 3, "vorratsglas"
        ),
        ProductPlan("Kochmesser 20 cm", "KK-MESSER", "Küche", (("20 cm", "59"),), 1, "kochmesser"),
    ),
    handles=(
        "lenas.kueche",
        "mealprepmax",
        "jonas.kocht",
        "frau.ofen",
        "sofie.snackt",
        "brotzeitben",
        "kleinekueche",
        "toni.tellert",
        "haushalt.hanna",
        "kathis.krumen",
        "veggie.vera",
        "murat.mampft",
    ),
    names=(
        "Lena",
        "Max",
        "Jonas",
        "Silke",
        "Sofie",
        "Ben",
        "Mira",
        "Toni",
        "Hanna",
        "Kathi",
        "Vera",
        "Murat",
    ),
    captions=(
        "Brot backen mit der {tag}, so einfach",
        "mein ehrliches Fazit zu {product}",
        "Küche aufräumen mit mir ({tag})",
        "lohnt sich {product} für {price}?",
        "3 Rezepte, ein Helfer: {tag}",
    ),
    cities=("Leipzig", "Köln", "Bremen", "Freiburg", "Kassel", "Dresden"),
    shipping_list="3.95",
    free_shipping_from="40",
    carrier_fee="3.60",
)

BRANDS = (US, UK, DE)
