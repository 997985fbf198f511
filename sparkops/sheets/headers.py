"""Which of our fields a column header names, in English, German and Spanish."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a tracker row can tell us. Names are the domain's glossary."""

    HANDLE = "handle"
    POST_LINK = "post_link"
    CODE = "code"
    STARTS = "starts"
    ENDS = "ends"
    FEE = "fee"
    CURRENCY = "currency"
    PRODUCT = "product"
    EMAIL = "email"
    NOTES = "notes"
    STATUS = "status"


LABELS = {
    Field.HANDLE: "creator handle",
    Field.POST_LINK: "post link",
    Field.CODE: "Spark code",
    Field.STARTS: "start date",
    Field.ENDS: "end date",
    Field.FEE: "fee",
    Field.CURRENCY: "currency",
    Field.PRODUCT: "product",
    Field.EMAIL: "e-mail",
    Field.NOTES: "notes",
    Field.STATUS: "status",
}

# Written folded: lower case, no accents, single blanks. A longer name beats a shorter one.
_NAMES: dict[Field, tuple[str, ...]] = {
    Field.HANDLE: (
        "handle", "handles", "creator", "creators", "creator handle", "creator name", "username",
        "user name", "tiktok", "tiktok handle", "tiktok name", "tiktok username", "account",
        "tiktok account", "profile", "profile link", "influencer", "affiliate", "name", "user",
        "ersteller", "kanal", "nutzername", "benutzername", "profil", "creatorin", "konto",
        "creador", "creadora", "usuario", "nombre de usuario", "cuenta", "perfil", "influenciador",
    ),
    Field.POST_LINK: (
        "post", "post link", "post url", "link", "url", "video", "video link", "video url",
        "video id", "post id", "item id", "tiktok link", "tiktok url", "tiktok video",
        "live link", "content link", "link to post", "link to video", "links", "posts",
        "beitrag", "beitragslink", "videolink", "link zum video", "link zum beitrag",
        "enlace", "enlace del video", "publicacion", "enlace de la publicacion", "vinculo",
    ),
    Field.CODE: (
        "code", "codes", "spark code", "spark codes", "spark ad code", "spark ads code",
        "sparkcode", "auth code", "authorization code", "authorisation code", "ad code", "ads code",
        "video code", "post code", "boost code", "partnership code", "whitelisting code",
        "allowlisting code", "whitelist code", "ad authorization", "ad authorization code",
        "autorisierungscode", "werbecode", "anzeigencode", "freigabecode", "sparkcodes",
        "codigo", "codigo spark", "codigo de autorizacion", "codigo de anuncio",
        "codigo de anuncios", "codigos",
    ),
    Field.STARTS: (
        "start", "starts", "start date", "from", "valid from", "begin", "begins", "begin date",
        "code start", "authorization start", "auth start", "flight start", "usage start",
        "startdatum", "beginn", "ab", "von", "gultig ab", "laufzeit von",
        "inicio", "fecha de inicio", "fecha inicio", "desde", "valido desde", "comienzo",
    ),
    Field.ENDS: (
        "end", "ends", "end date", "to", "until", "valid until", "valid to", "expires", "expiry",
        "expiry date", "expiration", "expiration date", "exp", "exp date", "expires on",
        "code end", "code expiry", "code expires", "code expiration", "authorization end",
        "auth end", "authorized until", "rights end", "usage end", "usage rights end",
        "rights until", "end of rights", "ad auth end",
        "ende", "enddatum", "bis", "gultig bis", "ablauf", "ablaufdatum", "lauft ab",
        "laufzeit bis", "fin", "fecha de fin", "fecha fin", "fecha final", "hasta", "vence",
        "vencimiento", "fecha de vencimiento", "caduca", "caducidad", "valido hasta",
    ),
    Field.FEE: (
        "fee", "fees", "fee amount", "flat fee", "creator fee", "usage fee", "amount", "price",
        "rate", "cost", "paid", "payment", "budget", "pay", "payout",
        "honorar", "betrag", "preis", "gage", "vergutung", "kosten", "pauschale",
        "tarifa", "importe", "precio", "monto", "pago", "honorarios", "costo", "coste",
    ),
    Field.CURRENCY: ("currency", "ccy", "curr", "wahrung", "moneda", "divisa"),
    Field.PRODUCT: (
        "product", "products", "product name", "product id", "item", "sku", "sample",
        "produkt", "produkte", "artikel", "produktname", "producto", "productos", "articulo",
    ),
    Field.EMAIL: (
        "email", "e mail", "mail", "email address", "e mail address", "contact email",
        "mailadresse", "e mail adresse", "correo", "correo electronico",
    ),
    Field.NOTES: (
        "note", "notes", "comment", "comments", "remark", "remarks", "info",
        "notiz", "notizen", "bemerkung", "bemerkungen", "kommentar", "anmerkung",
        "nota", "notas", "comentario", "comentarios", "observaciones",
    ),
    Field.STATUS: (
        "status", "state", "stage", "code status", "stand", "zustand", "estado", "estatus",
    ),
}  # fmt: skip

# Headers that share a word with a field and mean something else.
_OTHERS = frozenset({
    "promo code", "discount code", "coupon code", "coupon", "voucher code", "product code",
    "zip code", "postal code", "country code", "tracking code", "tracking number", "referral code",
    "post date", "date posted", "posted on", "publish date", "published", "video views",
    "post views", "views", "post time", "display name", "brand name", "client name",
    "campaign name", "brand", "client", "commission rate", "engagement rate", "post status",
    "rabattcode", "gutscheincode", "postleitzahl", "codigo postal", "codigo de descuento",
    "product link", "product url", "invoice link", "paid on", "payment date", "sample status",
})  # fmt: skip

_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}
_LONGEST = max(len(name.split()) for name in _FIELD_OF)
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_TRAILING_COUNT = re.compile(r"\s*\d+$")


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """A field a header may mean. `weight` is 1 for the whole header, less for a part of it."""

    field: Field
    weight: float


def folded(text: str) -> str:
    """Lower case, without accents, marks and bracketed remarks; single blanks."""
    plain = unicodedata.normalize("NFKD", _BRACKETS.sub(" ", text).casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", plain).strip()


def matches(header: str) -> tuple[HeaderMatch, ...]:
    """The fields a header may mean, likeliest first; empty when it is none of ours."""
    name = _TRAILING_COUNT.sub("", folded(header))
    if not name or name in _OTHERS:
        return ()
    if name in _FIELD_OF:
        return (HeaderMatch(_FIELD_OF[name], 1.0),)
    best: dict[Field, float] = {}
    words = name.split()
    for size in range(min(_LONGEST, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            part = " ".join(words[at : at + size])
            if part in _OTHERS:
                return ()
            field = _FIELD_OF.get(part)
            if field is not None:
                best[field] = max(best.get(field, 0.0), 0.3 + 0.6 * size / len(words))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    return tuple(HeaderMatch(field, weight) for field, weight in ranked)
