"""How a client looks to creators and to itself."""

from django.contrib import messages
from django.http import HttpResponse

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.home.forms import BrandForm
from sparkops.tenants.brand import change_brand
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.CONNECT)
def brand(request: ClientRequest) -> HttpResponse:
    """Name, colour and logo on pages for creators and for the client."""
    client = request.client
    form = brand_form(request)
    if request.method == "POST" and form.is_valid() and save_brand(request, form):
        messages.success(request, "The brand is saved.")
        return pages.redirect(request, "home:brand", client=client.slug)
    status = 422 if form.errors else 200
    return pages.render(request, "home/brand.html", {"form": form}, status=status)


def brand_form(request: ClientRequest) -> BrandForm:
    """The form with what is kept, or with what was sent."""
    client = request.client
    first = {"name": client.brand_name, "accent": client.brand_accent}
    form = BrandForm(request.POST or None, request.FILES or None, initial=first)
    if not client.brand_logo:
        del form.fields["drop_logo"]
    return form


def save_brand(request: ClientRequest, form: BrandForm) -> bool:
    """Keep what a valid form says; False when it was refused, which the form then tells."""
    file = form.cleaned_data["logo"]
    try:
        change_brand(
            request.client,
            name=form.cleaned_data["name"],
            accent=form.cleaned_data["accent"],
            logo=file.read() if file else None,
            keep_logo=not form.cleaned_data.get("drop_logo"),
            by=request.actor,
            now=clock.now(),
        )
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return False
    return True
