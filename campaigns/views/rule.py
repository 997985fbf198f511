"""The editor of the triage rule: what a change would do, before it is saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.actions.backtest import start_back_test
from campaigns.actions.triage import change_rule
from campaigns.forms import RuleForm, entered
from campaigns.models import BackTest, PostVerdict, TriageRule
from campaigns.queries.triage import current_rule, facts_now, paid_cpm, progress_of, settings_of
from campaigns.rules.backtest import line_from, summed
from campaigns.rules.triage_facts import Rule, rule_from
from campaigns.rules.triage_gates import LABELS
from campaigns.rules.triage_preview import Preview, preview
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

MOST_LINES = 200
GROUPS = (
    ("Enough to judge", ("min_views", "min_age_hours")),
    ("May be used", ("max_age_days", "min_stock_days", "min_cover_days")),
    ("Sales", ("cpm", "gpm_factor", "min_orders", "product_ctr", "min_clicks")),
    ("Interest", ("view_ratio", "min_prior_posts", "engagement_rate", "share_rate")),
    ("Bands", ("green_from", "amber_from")),
)


@client_view(Permission.VIEW)
def rule(request: ClientRequest) -> HttpResponse:
    """The rule that counts, and what another one would do to the posts there are."""
    row = current_rule()
    before = settings_of(row) if row else Rule(currency=request.client.currency)
    version = row.version if row else 1
    may = request.member.may(Permission.CAMPAIGN_LAUNCH)
    is_sent = request.method == "POST"
    if is_sent and not may:
        raise Refusal("may_not", "Your role may not change the rule. Ask a media buyer.")
    asked = request.POST if is_sent else request.GET
    form = RuleForm(asked if "min_views" in asked else entered(before, version))
    if is_sent and (answer := _save(request, form, before)):
        return answer
    found = preview(facts_now(), before, form.rule(before)) if form.is_valid() else None
    context = {
        "now": clock.now(),
        "form": form,
        "groups": [(label, [form[name] for name in names]) for label, names in GROUPS],
        "row": row,
        "version": version,
        "progress": progress_of(row) if row else None,
        "versions": TriageRule.objects.order_by("-version")[:10],
        "found": found,
        "answers": _told(found),
        "gates": [(LABELS[one.name], one) for one in found.gates] if found else [],
        "cpm": paid_cpm(shop_day(clock.now(), request.client.timezone)),
        "currency": before.currency,
        "may": may,
    }
    return pages.render(
        request,
        "campaigns/rule.html",
        context,
        pieces={"preview": "preview"},
        status=422 if is_sent else 200,
    )


def _told(found: Preview | None) -> list[tuple[str, object]]:
    if found is None:
        return []
    return [(str(PostVerdict.Standing(one.name).label), one) for one in found.answers]


def _save(request: ClientRequest, form: RuleForm, before: Rule) -> HttpResponse | None:
    """The way on after saving, or None with what is wrong in the form."""
    if not form.is_valid():
        return None
    try:
        row = change_rule(
            form.rule(before),
            note=form.cleaned_data["note"],
            seen_version=form.cleaned_data["seen_version"],
            by=request.actor,
            now=clock.now(),
        )
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return None
    messages.success(request, f"Version {row.version} is saved. Posts are being scored again.")
    return pages.redirect(request, "campaigns:triage-rule", client=request.client.slug)


@client_view(Permission.VIEW)
def progress(request: ClientRequest) -> HttpResponse:
    """How far scoring under the newest version got; polled while it goes on."""
    row = current_rule()
    context = {"row": row, "progress": progress_of(row) if row else None}
    return pages.render(request, "campaigns/rule_progress.html", context)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def start(request: ClientRequest) -> HttpResponse:
    """Try the entered rule on past posts; a worker does it."""
    row = current_rule()
    before = settings_of(row) if row else Rule(currency=request.client.currency)
    form = RuleForm(request.POST)
    if not form.is_valid():
        raise Refusal("no_rule", "Put the thresholds right first, then try the rule.")
    made = start_back_test(form.rule(before), by=request.actor, now=clock.now())
    slug = request.client.slug
    return pages.redirect(request, "campaigns:triage-back-test", client=slug, pk=made.pk)


@client_view(Permission.VIEW)
def back_test(request: ClientRequest, pk: int) -> HttpResponse:
    """What a rule would have launched, and what the ledger says that it made (N10)."""
    row = get_object_or_404(BackTest, pk=pk)
    lines = [line_from(one) for one in row.lines]
    url = reverse("campaigns:triage-back-test", kwargs={"client": request.client.slug, "pk": pk})
    context = {
        "now": clock.now(),
        "row": row,
        "rule": rule_from(row.settings),
        "lines": lines[:MOST_LINES],
        "sum": summed(lines),
        "url": url,
    }
    return pages.render(request, "campaigns/back_test.html", context, pieces={"trying": "progress"})
