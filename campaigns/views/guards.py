"""Guard rules: the list, the editor with preview and dry run, the log, and answers to it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.actions import guards as actions
from campaigns.forms.guards import CheckFilters, GuardForm, NoFilters, empty_rule, entered_rule
from campaigns.models import GuardCheck, GuardRule
from campaigns.queries import ads_by_state
from campaigns.queries.guards import account_of, checks, guard_rules, spent_since
from campaigns.rules.guard_presets import BY_KEY, PRESETS
from campaigns.rules.guard_words import condition_words, measured_words, threshold_words
from campaigns.rules.guards import conditions_from, replayed
from campaigns.tables.guards import checks_table, guards_table, tone_of_check
from campaigns.views.frame import GUARDS, tabs_of_ads
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

TRIED_DAYS = 30
MOST_TRIED = 50
MOST_SHOWN = 20
DONE = {
    "accept": "It is sent to TikTok.",
    "dismiss": "Turned down. The rule leaves it alone for a while.",
    "undo": "It is being changed back.",
}


@client_view(Permission.VIEW)
def guards(request: ClientRequest) -> HttpResponse:
    """Every rule, presets to begin with, and the cover guard that is always on."""
    slug = request.client.slug
    may = request.member.may(Permission.CAMPAIGN_LAUNCH)
    new = reverse("campaigns:guard-new", kwargs={"client": slug})
    caps = reverse("campaigns:caps", kwargs={"client": slug})
    log = reverse("campaigns:guard-log", kwargs={"client": slug})
    page = listing.ListPage(
        heading="Campaigns",
        lede="Rules that watch over what runs. They look every five minutes, at complete days.",
        noun="guard rules",
        table=guards_table(slug),
        rows=guard_rules(),
        bar=FilterBar(NoFilters, request.GET),
        empty=listing.Empty(
            "No rule yet",
            "Begin with one of the presets above; it suggests, and a person decides.",
            new if may else "",
            "Write a rule" if may else "",
            "shield",
        ),
        tabs=tabs_of_ads(slug, request.GET, GUARDS, ads_by_state()),
        actions=[
            listing.Action("Caps and terms", caps, "shield"),
            listing.Action("Log", log, "clock"),
            *([listing.Action("New rule", new, "plus", primary=True)] if may else []),
        ],
        above="campaigns/guard_presets.html",
        extra={"presets": PRESETS, "new_url": new, "may": may},
    )
    return listing.show(request, page, may=may_of(request), now=clock.now())


@client_view(Permission.CAMPAIGN_LAUNCH)
def new_guard(request: ClientRequest) -> HttpResponse:
    """A rule from a preset or from nothing."""
    preset = BY_KEY.get(request.GET.get("preset", ""))
    return _editor(request, None, entered_rule(preset) if preset else empty_rule())


@client_view(Permission.VIEW)
def guard(request: ClientRequest, pk: int) -> HttpResponse:
    """One rule, what it would do, and what it did."""
    row = get_object_or_404(GuardRule, pk=pk)
    return _editor(request, row, entered_rule(row))


def _editor(request: ClientRequest, row: GuardRule | None, start: dict[str, Any]) -> HttpResponse:
    may = request.member.may(Permission.CAMPAIGN_LAUNCH)
    is_sent = request.method == "POST"
    if is_sent and not may:
        raise Refusal("may_not", "Your role may not change guards. Ask a media buyer.")
    asked = request.POST if is_sent else request.GET
    is_asked, is_blank = is_sent or "metric_1" in asked, start == empty_rule()
    # Nobody has filled in a new rule yet: nothing of it is wrong.
    form = (
        GuardForm(initial=start)
        if is_blank and not is_asked
        else GuardForm(asked if is_asked else start)
    )
    if is_sent and form.is_valid():
        saved = actions.save_rule(form.draft(), of=row, by=request.actor, now=clock.now())
        messages.success(request, f"“{saved.name}” is saved as version {saved.version}.")
        return pages.redirect(request, "campaigns:guards", client=request.client.slug)
    found = _tried(request, actions.rule_of(form.draft())) if form.is_valid() else None
    context = {
        "now": clock.now(),
        "row": row,
        "form": form,
        "found": found,
        "may": may,
        "latest": _latest(row) if row else [],
        "preset": BY_KEY.get(str(form["preset"].value() or "")),
    }
    return pages.render(
        request,
        "campaigns/guard.html",
        context,
        pieces={"preview": "preview"},
        status=422 if is_sent else 200,
    )


def _latest(row: GuardRule) -> list[tuple[GuardCheck, str]]:
    found = checks(row).order_by("-at", "-pk")[:MOST_SHOWN]
    return [(one, tone_of_check(one)) for one in found]


def _tried(request: ClientRequest, rule: GuardRule) -> dict[str, Any]:
    """What a rule finds now, and what it would have done in the last 30 days; nothing is kept."""
    now = clock.now()
    looked = actions.look(rule, now=now)
    first = shop_day(now, request.client.timezone) - timedelta(days=TRIED_DAYS)
    spent = spent_since(rule.level, first, most=MOST_TRIED, account_id=rule.ad_account_id)
    conditions = conditions_from(rule.conditions)
    hits = []
    for one in actions.look(rule, now=now, targets=spent):
        days = replayed(
            conditions,
            one.facts,
            rule.window_days,
            days=TRIED_DAYS,
            every_hours=rule.every_hours,
        )
        if days:
            after = sum(n.spend for day, n in one.facts.days.items() if day > days[0])
            currency = account_of(one.target).currency
            hits.append({"target": one.target, "days": days, "after": after, "currency": currency})
    return {
        "looked": len(looked),
        "unknown": sum(one.held is None for one in looked),
        "holding": [_told(one) for one in looked if one.held][:MOST_SHOWN],
        "holds": sum(one.held is True for one in looked),
        "hits": hits[:MOST_SHOWN],
        "hit": len(hits),
        "tried": len(spent),
        "stops": rule.action == GuardRule.Action.PAUSE,
    }


def _told(one: actions.Looked) -> dict[str, Any]:
    currency = account_of(one.target).currency
    return {
        "target": one.target,
        "reads": [measured_words(read.kept(), currency) for read in one.reads],
    }


@client_view(Permission.VIEW)
def guard_log(request: ClientRequest) -> HttpResponse:
    """Every evaluation with its inputs, newest first."""
    bar = FilterBar(CheckFilters, request.GET)
    slug = request.client.slug
    guards_url = reverse("campaigns:guards", kwargs={"client": slug})
    page = listing.ListPage(
        heading="Guard log",
        lede="Every evaluation with its inputs. What came to nothing is kept for 35 days.",
        crumbs=listing.crumbs(
            ("Guards", reverse("campaigns:guards", kwargs={"client": slug})), "Log"
        ),
        noun="evaluations",
        table=checks_table(slug),
        rows=_found(bar.values),
        bar=bar,
        empty=listing.Empty(
            "Nothing was looked at yet",
            "A rule that is not off looks at everything that runs, every five minutes.",
            guards_url,
            "See the rules",
            "shield",
        ),
    )
    return listing.show(request, page, may=may_of(request), now=clock.now())


def _found(values: dict[str, Any]) -> QuerySet[GuardCheck]:
    rows = checks(values.get("rule"))
    if outcome := values.get("outcome"):
        rows = rows.filter(outcome=outcome)
    return rows


@client_view(Permission.VIEW)
def guard_check(request: ClientRequest, pk: int) -> HttpResponse:
    """One evaluation: its inputs, what it changed, and the answer to it."""
    row = get_object_or_404(checks(), pk=pk)
    currency = account_of(row.target).currency
    context = {
        "now": clock.now(),
        "row": row,
        "tone": tone_of_check(row),
        "currency": currency,
        "inputs": [
            {
                "condition": condition_words(one),
                "measured": measured_words(one, currency),
                "needed": threshold_words(one, currency),
                "passed": one["passed"],
            }
            for one in row.inputs
        ],
        "may": request.member.may(Permission.CAMPAIGN_LAUNCH),
        "is_open": row.outcome == GuardCheck.Outcome.SUGGESTED,
        "may_undo": row.outcome == GuardCheck.Outcome.ASKED,
    }
    return pages.render(request, "campaigns/guard_check.html", context)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def answer(request: ClientRequest, pk: int, word: str) -> HttpResponse:
    """Accept or turn down a suggestion, or undo what was done."""
    row = get_object_or_404(GuardCheck, pk=pk)
    answers = {"accept": actions.accept, "dismiss": actions.dismiss, "undo": actions.undo}
    answers[word](row, by=request.actor, now=clock.now())
    messages.success(request, DONE[word])
    return pages.redirect(request, "campaigns:guard-check", client=request.client.slug, pk=pk)
