"""Finding anything of a client by how its name begins, to jump to it or to begin something."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from authorizations.models import Authorization
from creators.models import Creator, Handle, Post
from creators.rules.handles import plain_handle
from creators.rules.post_links import PostLink, read_link
from sparkops.accounts.models import User
from sparkops.catalog.models import Product
from sparkops.desk.queries import views_of
from sparkops.home.places import DEEDS, PLACES, May, Place, found
from sparkops.tenants.models import Client
from sparkops.tenants.queries import clients_of

MOST = 5
"""Results of one kind."""
LONGEST = 200


@dataclass(frozen=True)
class Hit:
    """One result: what it is called, where it is, and what tells it from its like."""

    label: str
    url: str
    icon: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Results of one kind."""

    label: str
    hits: tuple[Hit, ...]


def find(word: str, client: Client, user: User, may: May) -> list[Group]:
    """What `word` may mean in the open client, in six queries; deeds and pages for no word.

    Row policies keep it to the client's rows, permissions to what the member may open. Other
    clients are those the person may open.
    """
    word = " ".join(word.replace("\x00", "").split())[:LONGEST]
    slug = client.slug
    kinds = [
        ("Do", _places(DEEDS, word, slug, may)),
        ("Pages", _places(PLACES, word, slug, may)),
    ]
    if word:
        kinds += [
            ("Saved views", _views(word, user, slug)),
            ("Creators", _creators(word, slug)),
            ("Posts", _posts(word, slug)),
            ("Authorizations", _authorizations(word, slug)),
            ("Products", _products(word, slug)),
            ("Clients", find_clients(word, user)),
        ]
    groups = [Group(label, tuple(islice(hits, MOST))) for label, hits in kinds]
    return [group for group in groups if group.hits]


def find_clients(word: str, user: User) -> Iterator[Hit]:
    """Clients the person may open whose name holds `word`."""
    for row in clients_of(user).filter(name__icontains=word.replace("\x00", ""))[:MOST]:
        url = reverse("home:today", kwargs={"client": row.slug})
        yield Hit(row.name, url, "agency", row.organization.name)


def _places(places: tuple[Place, ...], word: str, slug: str, may: May) -> Iterator[Hit]:
    return (Hit(place.label, path, place.icon) for place, path in found(places, word, slug, may))


def _views(word: str, user: User, slug: str) -> Iterator[Hit]:
    for row in views_of(user).filter(name__icontains=word)[:MOST]:
        url = reverse("desk:view", kwargs={"client": slug, "pk": row.pk})
        yield Hit(row.name, url, "save", row.section)


def _creators(word: str, slug: str) -> Iterator[Hit]:
    begins = plain_handle(word)
    former = Handle.objects.filter(creator=OuterRef("pk"), handle__startswith=begins)
    asked = Q(handle__startswith=begins) | Q(display_name__istartswith=word) | Exists(former)
    for row in Creator.objects.filter(asked).order_by("-follower_count", "pk")[:MOST]:
        url = reverse("creators:creator", kwargs={"client": slug, "pk": row.pk})
        yield Hit(str(row), url, "user", row.display_name)


def _posts(word: str, slug: str) -> Iterator[Hit]:
    link = read_link(word)
    if isinstance(link, PostLink):
        asked = Q(item_id=link.item_id)
    else:
        asked = Q(creator__handle__startswith=plain_handle(word)) | Q(item_id__startswith=word)
        if not word.startswith("@"):
            asked |= Q(caption__icontains=word)
    rows = Post.objects.filter(asked).select_related("creator")
    for row in rows.order_by("-published_at", "-pk")[:MOST]:
        url = reverse("creators:post", kwargs={"client": slug, "pk": row.pk})
        yield Hit(str(row), url, "video", str(row.creator or ""))


def _authorizations(word: str, slug: str) -> Iterator[Hit]:
    asked = Q(creator__handle__startswith=plain_handle(word)) | Q(post__item_id=word)
    if not word.startswith("@"):
        asked |= Q(code_mask__istartswith=word) | Q(post__caption__icontains=word)
    rows = Authorization.objects.filter(asked).select_related("creator", "post")
    for row in rows.order_by("-created_at", "-pk")[:MOST]:
        url = reverse("authorizations:detail", kwargs={"client": slug, "pk": row.pk})
        whose = " · ".join(filter(None, (str(row.creator or ""), row.get_state_display())))
        yield Hit(str(row.post or row), url, "key", whose)


def _products(word: str, slug: str) -> Iterator[Hit]:
    asked = Q(title__icontains=word) | Q(product_id=word)
    for row in Product.objects.filter(asked).order_by("title", "pk")[:MOST]:
        url = reverse("profit:product", kwargs={"client": slug, "product_id": row.product_id})
        yield Hit(row.title, url, "cart")
