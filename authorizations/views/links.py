"""A creator's links and what they accepted, for the page of a permission."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from authorizations.actions.links import NewLink, make_link, revoke_link
from authorizations.forms import LinkForm
from authorizations.models import CreatorLink, TermsAcceptance, TermsTemplate
from authorizations.rules.signed_copy import Signature, signed_copy
from authorizations.rules.wording import sentences
from creators.models import Post
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

PIECE = {"authorizations-links": "links"}


@client_view(Permission.VIEW)
@require_GET
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """The links of one post and the terms that were accepted for it."""
    return _show(request, get_object_or_404(Post.objects.select_related("creator"), pk=pk))


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link, shown once with the message to send."""
    post = get_object_or_404(Post.objects.select_related("creator"), pk=pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _show(request, post, form=form)
    try:
        made = make_link(
            post,
            form.cleaned_data["template"],
            days=form.cleaned_data["days"],
            by=request.actor,  # type: ignore[attr-defined]
            now=clock.now(),
        )
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return _show(request, post, form=form)
    return _show(request, post, made=made)


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link worthless."""
    link = get_object_or_404(CreatorLink.objects.select_related("post__creator", "creator"), pk=pk)
    revoke_link(link, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    return _show(request, link.post)


@client_view(Permission.CONTACT_VIEW)
@require_GET
def signed(request: HttpRequest, pk: int) -> HttpResponse:
    """What a creator accepted, as a PDF with everything that was noted of it."""
    one = get_object_or_404(TermsAcceptance.objects.select_related("version__template"), pk=pk)
    signature = Signature(
        version=str(one.version),
        accepted_at=one.accepted_at,
        name=one.signed_name,
        text_hash=one.text_hash,
        address=one.address or "",
        device=one.user_agent,
    )
    content = signed_copy(one.text, signature, sentences(one.language))
    name = f"terms-{one.pk}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _show(
    request: HttpRequest, post: Post, *, form: LinkForm | None = None, made: NewLink | None = None
) -> HttpResponse:
    now, member = clock.now(), request.member  # type: ignore[attr-defined]
    rows = CreatorLink.objects.filter(post=post).select_related("template").order_by("-created_at")
    accepted = TermsAcceptance.objects.filter(creator=post.creator_id or 0).select_related(
        "version__template"
    )
    context = {
        "now": now,
        "post": post,
        "links": [(one, _state(one, now)) for one in rows],
        "made": made,
        "message": _message(made, request.client.name) if made else "",  # type: ignore[attr-defined]
        "form": form or LinkForm(),
        "has_terms": TermsTemplate.objects.exists(),
        "acceptances": [
            one for one in accepted.order_by("-accepted_at") if one.post_id in (None, post.pk)
        ],
        "may_edit": member.may(Permission.AUTHORIZATION_EDIT),
        "may_see": member.may(Permission.CONTACT_VIEW),
    }
    status = 422 if form is not None else 200
    response = pages.render(
        request, "authorizations/links.html", context, pieces=PIECE, status=status
    )
    if made is not None:
        response.headers["Cache-Control"] = "no-store"
    return response


def _state(link: CreatorLink, now: datetime) -> tuple[str, str]:
    if link.revoked_at is not None:
        return "Revoked", ""
    if not link.works(now):
        return "Ended", ""
    return ("Opened", "ok") if link.opened_at else ("Not opened yet", "half")


def _message(made: NewLink, client_name: str) -> str:
    creator = made.link.creator
    name = creator.display_name or f"@{creator.shown_handle}"
    return (
        f"Hi {name}, may {client_name} run your post as an ad? Here are the terms and, after them,"
        f" pictures of how to make the code. It takes about a minute: {made.url}"
    )
