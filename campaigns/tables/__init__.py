"""Columns of the list of ads, and the colours of states."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authorizations.rules.standing import Standing
from campaigns.models import Ad, GmvMaxLaunch, HandChange, Launch, Plan, PostVerdict
from campaigns.rules.statuses import AdState, StatusRead, read_status
from campaigns.rules.triage_gates import LABELS
from sparkops.web import formats, markup
from sparkops.web.links import page_of
from sparkops.web.tables import Column, Table

AD_TONES = {
    Ad.State.LIVE: "ok",
    Ad.State.IN_REVIEW: "info",
    Ad.State.REJECTED: "bad",
    Ad.State.LOST_PERMISSION: "bad",
    Ad.State.PRODUCT_UNAVAILABLE: "warn",
    Ad.State.LIMITED: "warn",
}
ROI_MEANINGS = {
    "gross": "before fees",
    "net": "after commission and fees",
    "unknown": "definition not told",
}
SHOWN_FAILS = 2
LAUNCH_TONES = {
    Launch.State.PLANNED: "half",
    Launch.State.CREATING: "info",
    Launch.State.LIVE: "ok",
    Launch.State.REFUSED: "bad",
    Launch.State.DIFFERS: "warn",
    Launch.State.FAILED: "bad",
}


def ads_table(slug: str | None) -> Table:
    """The list of ads of one client, or with None of several.

    Revenue is what the platform claims, said so in its head. Rows carry `standing` and
    `break_even`, see `campaigns.queries.add_standings`.
    """
    href = page_of("campaigns:ad", client=slug)
    return Table(
        name="ads",
        caption="Ads",
        default_sort="-spend",
        row_href=href,
        columns=(
            Column("name", "Ad", sub=_who, href=href, phone="title", sort="name"),
            Column("state", "State", _state, kind="badge", tone=tone_of_ad, sub=_strange_word),
            Column("cover", "Cover", _cover, export=_covered_until),
            Column("spend", "Spend", kind="money", currency="currency", sort="spend"),
            Column("revenue", "Platform-attributed revenue", "claimed_revenue", kind="money",
                   currency="currency", sort="claimed_revenue", fold=2, phone="none"),
            Column("roas", "Platform ROAS", platform_roas, kind="number", sub=needed_roas, fold=3),
            Column("impressions", "Impressions", kind="int", sort="impressions", shown=False),
            Column("clicks", "Clicks", kind="int", shown=False),
            Column("ctr", "CTR", _ctr, kind="percent", shown=False),
            Column("conversions", "Conversions", kind="int", sort="conversions", shown=False),
            Column("cpa", "Cost per conversion", cost_each, kind="money", currency="currency",
                   shown=False),
            Column("account", "Ad account", "ad_account.name", shown=False),
            Column("ad_id", "Ad id", shown=False),
            Column("created", "Created", "created_at", kind="date", sort="created_at", fold=1,
                   phone="none"),
        ),
    )  # fmt: skip


def gmv_max_table() -> Table:
    """GMV Max campaigns of one client."""
    return Table(
        name="gmv-max",
        caption="GMV Max campaigns",
        default_sort="-cost",
        columns=(
            Column("name", "Campaign", sub=kind_of, phone="title", sort="name"),
            Column("status", "Status", state_of_level, kind="badge", tone=tone_of_level,
                   sub=_why),
            Column("cost", "Cost", kind="money", currency="currency", sort="cost"),
            Column("net", "Net cost", kind="money", currency="currency", fold=1),
            Column("orders", "Orders it claims", kind="int", sort="orders", fold=2),
            Column("claimed", "Platform-attributed revenue", kind="money", currency="currency",
                   sort="claimed"),
            Column("roi", "Platform-attributed ROI", _roi, kind="number", sub=_roi_meaning, fold=1),
            Column("target", "Target ROI", "roi_target", kind="number", fold=2),
            Column("account", "Ad account", "ad_account.name", fold=3),
        ),
    )  # fmt: skip


def triage_table(slug: str) -> Table:
    """Posts by what triage says of them: score, what fails, recommendation and next step."""

    def href(row: PostVerdict) -> str:
        return reverse("creators:post", kwargs={"client": slug, "pk": row.post_id})

    def step_href(row: PostVerdict) -> str:
        if row.step == PostVerdict.Step.LAUNCH and row.route == PostVerdict.Route.GMV_MAX:
            return reverse("campaigns:gmv-max", kwargs={"client": slug})
        if row.step == PostVerdict.Step.LAUNCH:
            return reverse("campaigns:launch", kwargs={"client": slug, "pk": row.post_id})
        return href(row) if row.step == PostVerdict.Step.ASK_RIGHTS else ""

    return Table(
        name="triage",
        caption="Posts by verdict",
        default_sort="-score",
        row_href=href,
        columns=(
            Column("post", "Post", lambda row: str(row.post), sub=_creator_of, href=href,
                   phone="title"),
            Column("score", "Score", _score, export="score", sort="score", align="end"),
            Column("standing", "Verdict", lambda row: row.get_standing_display(), kind="badge",
                   tone=tone_of_verdict, sub=_decided),
            Column("fails", "What fails", _fails, fold=2, export=_all_fails),
            Column("route", "Recommended", lambda row: row.get_route_display() or None, fold=1),
            Column("step", "Next", lambda row: row.get_step_display(), href=step_href, sub="why"),
            Column("views", "Organic views", kind="int", sort="post__views", fold=1),
            Column("gmv", "GMV", lambda row: row.gmv if row.currency else None, kind="money",
                   currency="currency", sort="post__gmv", fold=2),
            Column("published", "Published", "post.published_at", kind="date",
                   sort="post__published_at", shown=False),
            Column("version", "Rule version", "rule.version", shown=False),
        ),
    )  # fmt: skip


PLAN_TONES = {
    Plan.State.PROPOSED: "half",
    Plan.State.CONFIRMED: "info",
    Plan.State.SENT: "info half",
    Plan.State.APPROVED: "ok",
    Plan.State.DECLINED: "bad",
}


def plans_table(slug: str) -> Table:
    """The list of plans."""

    def href(row: Plan) -> str:
        return reverse("campaigns:plan", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="plans",
        caption="Plans",
        default_sort="-created",
        row_href=href,
        columns=(
            Column("name", "Plan", href=href, phone="title"),
            Column("state", "State", lambda row: row.get_state_display(), kind="badge",
                   tone=tone_of_plan),
            Column("posts", "Posts", kind="int"),
            Column("by", "Made by", "created_by", fold=2),
            Column("decided", "Decided by", "decided_by", fold=2),
            Column("created", "Made", "created_at", kind="ago", sort="created_at"),
        ),
    )  # fmt: skip


def tone_of_plan(row: Plan) -> str:
    """The badge class of a plan's state."""
    return PLAN_TONES.get(Plan.State(row.state), "")


VERDICT_TONES = {
    PostVerdict.Standing.EARNED: "ok",
    PostVerdict.Standing.PROMISING: "warn",
    PostVerdict.Standing.REJECTED: "bad",
    PostVerdict.Standing.NOT_YET: "half",
}
BAND_TONES = {"green": "ok", "amber": "warn", "red": "bad"}


def tone_of_verdict(row: Any) -> str:
    """The badge class of where a post stands."""
    return VERDICT_TONES[PostVerdict.Standing(row.standing)]


def _creator_of(row: PostVerdict) -> str:
    return str(row.post.creator) if row.post.creator else "creator not known yet"


def _score(row: PostVerdict) -> SafeString | str:
    """The number and its band as a bar; below the minimum evidence there is none (U6)."""
    if row.score is None:
        return SafeString('<span class="t3">no score</span>')
    return SafeString(
        f'<b class="num">{row.score}</b>{markup.bar(row.score / 100, BAND_TONES.get(row.band, ""))}'
    )


def _decided(row: PostVerdict) -> str:
    return f"{row.get_decision_display()} by {row.decided_by}" if row.decision else ""


def _fails(row: PostVerdict) -> str:
    """Two gates and how many more there are; the post's page names them all."""
    names = [LABELS.get(name, name) for name in row.fails.split(", ") if name]
    more = f" and {len(names) - SHOWN_FAILS} more" if len(names) > SHOWN_FAILS else ""
    return ", ".join(names[:SHOWN_FAILS]) + more


def _all_fails(row: PostVerdict) -> str:
    return ", ".join(LABELS.get(name, name) for name in row.fails.split(", ") if name)


def tone_of_ad(row: Any) -> str:
    """The badge class of an ad's state."""
    return AD_TONES.get(row.state, "")


def tone_of_launch(row: Launch | GmvMaxLaunch) -> str:
    """The badge class of a launch's state."""
    return LAUNCH_TONES.get(Launch.State(row.state), "")


def cost_per_conversion(spend: Decimal, conversions: int) -> Decimal | None:
    """None while nothing converted: a cost per nothing is no number."""
    return spend / conversions if conversions else None


def return_on_spend(claimed: Decimal, spend: Decimal) -> Decimal | None:
    """Platform-attributed ROAS, None without spend."""
    return claimed / spend if spend else None


def needed_roas(row: Any) -> str:
    """What the ROAS of an ad has to reach (PD11), "" when nobody published it or nothing ran."""
    if row.break_even is None or not row.spend:
        return ""
    return f"breaks even at {formats.number(row.break_even)}"


def click_rate(clicks: int, impressions: int) -> Decimal | None:
    """Clicks per impression as a ratio, None without impressions."""
    return Decimal(clicks) / impressions if impressions else None


def _campaign_read(row: Any) -> StatusRead:
    return read_status(row.secondary_status, operation=row.operation_status)


def kind_of(row: Any) -> str:
    """What kind of campaign it is, in words."""
    return str(row.get_kind_display())


def state_of_level(row: Any) -> str:
    """What TikTok's words of an ad group or campaign mean."""
    read = _campaign_read(row)
    if read.state is AdState.UNKNOWN:
        return "Switched on" if read.word.upper() == "ENABLE" else "Unknown status"
    return str(Ad.State(read.state.value).label)


def _why(row: Any) -> str:
    """TikTok's reason, where the state alone does not say it."""
    read = _campaign_read(row)
    told = row.secondary_status and read.state not in (AdState.LIVE, AdState.PAUSED)
    return read.sentence if told else ""


def tone_of_level(row: Any) -> str:
    """The colour of that state."""
    return AD_TONES.get(Ad.State(_campaign_read(row).state.value), "")


def _roi(row: Any) -> Decimal | None:
    return return_on_spend(row.claimed, row.cost)


def _roi_meaning(row: Any) -> str:
    """How TikTok reckons its own ROI of these days; of different definitions none compares (N15).
    Days that cannot tell, for want of cost or revenue, say nothing beside others."""
    told = set(row.definitions) - {"unknown"} or set(row.definitions)
    return ", ".join(sorted(ROI_MEANINGS.get(word, word) for word in told))


def _who(row: Any) -> str:
    return str(row.post.creator) if row.post and row.post.creator else "Not on a creator's post"


def _state(row: Any) -> str:
    return str(row.get_state_display())


def _ctr(row: Any) -> Decimal | None:
    return click_rate(row.clicks, row.impressions)


def cost_each(row: Any) -> Decimal | None:
    """Spend per conversion, in the row's currency."""
    return cost_per_conversion(row.spend, row.conversions)


def _strange_word(row: Any) -> str:
    """A word of TikTok that is new to us is shown as it came; else whether somebody changed the ad
    in Ads Manager lately (TA8)."""
    if row.state == Ad.State.UNKNOWN:
        return str(row.secondary_status)
    return "changed in Ads Manager" if row.changed_by_hand else ""


def changes_table(slug: str) -> Table:
    """What people changed in Ads Manager."""

    def href(row: HandChange) -> str:
        if row.ad_id is None:
            return ""
        return reverse("campaigns:ad", kwargs={"client": slug, "pk": row.ad_id})

    return Table(
        name="changes",
        caption="Changes in Ads Manager",
        default_sort="-seen",
        columns=(
            Column("target", "Changed", lambda row: str(row.target),
                   sub=lambda row: row.get_level_display(), href=href, phone="title"),
            Column("field", "What", lambda row: row.field.replace("_", " ").capitalize()),
            Column("before", "Before", "before"),
            Column("after", "After", "after"),
            Column("seen", "Noticed", "seen_at", kind="ago", sort="seen_at"),
        ),
    )  # fmt: skip


def platform_roas(row: Any) -> Decimal | None:
    """What TikTok claims per unit of spend (P25)."""
    return return_on_spend(row.claimed_revenue, row.spend)


def _cover(row: Any) -> SafeString | str:
    """Time left and the day it ends, in one line."""
    standing: Standing | None = row.standing
    if standing is None:
        return "Not needed"
    if standing.ends_at is None:
        return "No end" if standing.covered else _toned("bad", "None")
    if not standing.covered:
        return _toned("bad", f"Ended {formats.ago(standing.ends_at, now=standing.at)}")
    tone = formats.time_left_tone(standing.ends_at, now=standing.at)
    day = formats.day(timezone.localdate(standing.ends_at), today=timezone.localdate(standing.at))
    return _toned(tone, formats.span(standing.ends_at - standing.at), f" · {day}")


def _covered_until(row: Any) -> Any:
    return row.standing.ends_at if row.standing else None


def _toned(tone: str, text: str, more: str = "") -> SafeString:
    return format_html(
        '<span class="nowrap"><b class="{}">{}</b><span class="t3">{}</span></span>',
        f"tone-{tone}" if tone else "",
        text,
        more,
    )
