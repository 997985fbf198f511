"""Evidence packs of a post: asking for one, seeing it grow, taking it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from campaigns.actions.evidence import ask_for_pack, download
from campaigns.models import EvidencePack
from campaigns.tasks import build_pack
from creators.models import Post
from sparkops import clock
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

TYPES = {"json": "application/json; charset=utf-8", "pdf": "application/pdf"}


@client_view(Permission.EXPORT)
def packs(request: HttpRequest, pk: int) -> HttpResponse:
    """The packs of a post, newest first; polled while one is being built."""
    post = get_object_or_404(Post.objects.select_related("creator"), pk=pk)
    rows = list(
        EvidencePack.objects.filter(post=post).defer("document", "pdf", "parts").order_by("-pk")
    )
    building = any(one.state == EvidencePack.State.BUILDING for one in rows)
    context = {"post": post, "rows": rows, "building": building, "now": clock.now()}
    return pages.render(request, "campaigns/evidence.html", context, pieces={"packs": "packs"})


@client_view(Permission.EXPORT)
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Build a pack of what is known now."""
    post = get_object_or_404(Post.objects.select_related("creator"), pk=pk)
    client, by = request.client, request.actor  # type: ignore[attr-defined]
    pack = ask_for_pack(post, by=by, now=clock.now())
    build_pack.delay_on_commit(client_id=client.pk, pack_id=pack.pk)
    return pages.redirect(request, "campaigns:evidence", client=client.slug, pk=pk)


@client_view(Permission.EXPORT)
def take(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The finished file; taking it is audited."""
    pack = get_object_or_404(EvidencePack.objects.select_related("post"), pk=pk)
    by = request.actor  # type: ignore[attr-defined]
    response = HttpResponse(download(pack, form, by=by, now=clock.now()), content_type=TYPES[form])
    name = f"evidence-{pack.post.item_id}-{pack.pk}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
