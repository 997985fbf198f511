"""Planning a GMV Max campaign; its plan's page shows the gates and how far it got."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone

from campaigns.actions.gmv_max_launch import GmvMaxDraft, plan_gmv_max
from campaigns.forms.gmv_max import GmvMaxForm, campaign_draft
from campaigns.models import Plan
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.CAMPAIGN_LAUNCH)
def new_campaign(request: ClientRequest) -> HttpResponse:
    """A new plan with one campaign."""
    sent = request.POST if request.method == "POST" else None
    with timezone.override(ZoneInfo(request.client.timezone)):
        form = GmvMaxForm(sent, initial=campaign_draft(clock.now()))
        if sent is not None and form.is_valid() and (plan := _made(request, form)):
            return pages.redirect(request, "campaigns:plan", client=request.client.slug, pk=plan.pk)
        context = {"form": form, "zone": request.client.timezone}
        status = 200 if sent is None else 422
        return pages.render(request, "campaigns/gmv_max_new.html", context, status=status)


def _made(request: ClientRequest, form: GmvMaxForm) -> Plan | None:
    try:
        draft = GmvMaxDraft(**form.cleaned_data)
        return plan_gmv_max(draft, by=request.actor, now=clock.now())
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return None
