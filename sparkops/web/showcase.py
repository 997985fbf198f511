"""Invented rows and forms for the component page: every part in every state it can be in."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sparkops.web import markup
from sparkops.web.tables import Column, Table


@dataclass(frozen=True)
class Sample:
    pk: int
    title: str
    handle: str
    product: str
    status: str
    ends: datetime | None
    spend: Decimal | None
    currency: str
    share: Decimal | None
    views: int


def samples(now: datetime) -> list[Sample]:
    """Eight rows, one of them with text that tries to break out of its cell."""
    serum, balm, mist = "Repair Serum", "Cleanse Balm", "Dew Mist"
    rows = (
        ("day 14 on camera, no filter", "@jo.example", serum, "Expired", -50, "0", "USD"),
        ("my derm asked what changed", "@mia.example", serum, "Live in ads", 55, "412", "USD"),
        ("barrier cream myths, ranked", "@dani.example", serum, "Live in ads", 97, "286", "USD"),
        ("30-second night routine", "@lazy.example", balm, "Expiring", 134, "140.5", "GBP"),
        ("melting SPF like butter", "@sol.example", mist, "Authorized", 1600, "-1586.74", "USD"),
        ("gua sha mistakes", "@rue.example", balm, "Wrong post", 264, "98000", "JPY"),
        ("shelfie restock", "@kay.example", mist, "Awaiting code", None, None, "USD"),
        ('<script>alert("title")</script>', "@o'brien&co", mist, "Revoked", 400, "0", "USD"),
    )
    return [
        Sample(
            index,
            title,
            handle,
            product,
            status,
            None if hours is None else now + timedelta(hours=hours),
            None if spend is None else Decimal(spend),
            currency,
            Decimal(index) / 40 if index != 7 else None,
            486_200 * index,
        )
        for index, (title, handle, product, status, hours, spend, currency) in enumerate(rows, 1)
    ]


def _title(row: Sample) -> SafeString:
    return format_html(
        '<span class="cell2">{}<span><a class="tt" href="#{}">{}</a>'
        '<span class="sub">{}</span></span></span>',
        markup.thumb(gone=row.status == "Revoked"),
        row.pk,
        row.title,
        row.product,
    )


def _who(row: Sample) -> SafeString:
    return format_html('<span class="who">{}{}</span>', markup.avatar(row.handle), row.handle)


POSTS = Table(
    name="posts",
    caption="Posts and their codes",
    default_sort="ends",
    columns=(
        Column("title", "Post", _title, sort="title", export="title", phone="title"),
        Column("handle", "Creator", _who, sort="handle", export="handle", fold=2),
        Column("status", "Status", kind="badge", sort="status"),
        Column("ends", "Ends", kind="datetime", sort="ends", fold=1),
        Column("spend", "Spend a day", kind="money", currency="currency", sort="spend"),
        Column("share", "Share", kind="percent", sort="share", fold=2),
        Column("views", "Views", kind="int", sort="views", fold=3),
        Column("margin", "Margin", "share", kind="percent", permission="see-margin"),
    ),
)

WIDE = Table(
    name="statement",
    caption="Daily figures",
    default_sort="title",
    columns=(
        Column("title", "Post", sort="title"),
        *(
            Column(f"d{day}", f"Nov {day}", "spend", kind="money", currency="currency")
            for day in range(10, 22)
        ),
    ),
)


class SampleFilters(forms.Form):
    q = forms.CharField(label="Creator, post or product", required=False)
    status = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), ("live", "Live in ads"), ("expired", "Expired")],
    )
    product = forms.ChoiceField(
        required=False, choices=[("", "Any"), ("serum", "Repair Serum"), ("balm", "Cleanse Balm")]
    )
    mine = forms.BooleanField(label="Mine only", required=False)


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", max_length=60)
    budget = forms.DecimalField(
        label="Budget a day",
        min_value=20,
        help_text="TikTok refuses less than $20.00.",
        error_messages={"min_value": "Enter a budget of at least $20.00 a day."},
    )
    days = forms.ChoiceField(
        label="Code length",
        choices=[("30", "30 days"), ("60", "60 days")],
        help_text="The creator chooses this in TikTok.",
    )
    reach = forms.ChoiceField(
        label="Who sees it",
        widget=forms.RadioSelect,
        choices=[("broad", "Everyone"), ("interest", "Skincare interest")],
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    notify = forms.BooleanField(label="Tell me when it ends", required=False)


BADGES = (
    "Draft", "Awaiting code", "Code received", "Authorized", "Live in ads", "Expiring", "Expired",
    "Wrong post", "Post removed", "Revoked", "Learning", "Delivering", "Paused by guard",
    "Estimated", "Settled", "Healthy", "Reconnect soon", "Broken", "A word nobody knows",
)  # fmt: skip


def icons() -> list[str]:
    """The names in the sprite, read from it."""
    found = finders.find("icons.svg")
    return re.findall(r'id="i-([a-z0-9]+)"', Path(found).read_text()) if found else []


def shell(now: datetime) -> dict[str, Any]:
    """What the gate gives every page of a client, invented."""
    places = (
        ("today", "Today", "today", 9, "", True),
        ("creators", "Creators", "users", 118, "", False),
        ("posts", "Posts", "video", 14, "Content & rights", False),
        ("authorizations", "Authorizations", "key", 6, "Content & rights", True),
        ("campaigns", "Campaigns", "mega", 19, "Spend & profit", False),
        ("profit", "Profit", "chart", None, "Spend & profit", False),
        ("import", "Import", "upload", None, "Set up", False),
        ("connections", "Connections", "plug", None, "Set up", False),
        ("settings", "Settings", "settings", None, "Set up", False),
    )
    return {
        "nav": [
            {
                "key": key,
                "label": label,
                "url": f"#{key}",
                "icon": icon,
                "count": count,
                "group": group,
                "hot": hot,
                "current": key == "posts",
            }
            for key, label, icon, count, group, hot in places
        ],
        "client": {"name": "Oakmere Skin", "slug": "oakmere", "initials": "OS"},
        "switcher": [
            {"name": "Oakmere Skin", "url": "#oakmere", "current": True, "sub": "6"},
            {"name": "Lumen Tea", "url": "#lumen", "current": False, "sub": ""},
            {"name": "Fernway & Sons", "url": "#fernway", "current": False, "sub": "2"},
        ],
        "organization": {"name": "Signal House"},
        "member": {"name": "Amara Okafor", "role": "Owner"},
        "notifications": {"url": "#bell", "count": 3},
        "search_url": "/_components/search/",
        "freshness": {
            "as_of": now - timedelta(minutes=4),
            "tone": "ok",
            "url": "#connections",
            "parts": [
                {"label": "Orders", "as_of": now - timedelta(minutes=4), "tone": "ok"},
                {"label": "Ads", "as_of": now - timedelta(hours=7), "tone": "warn"},
                {"label": "Statements", "as_of": None, "tone": "bad"},
            ],
        },
        "account_links": [{"label": "Your account", "url": "#account", "icon": "user"}],
    }


def parts(now: datetime) -> dict[str, Any]:
    """Arguments of the parts on the page, by the name of the part."""
    days = [46, 50, 62, 65, 69, 55, 53, 58, 62, 70, 84, 85, 72, 75]
    return {
        "badges": BADGES,
        "tabs": [
            {"label": "All", "url": "?", "count": "1,000+"},
            {"label": "Needs attention", "url": "?view=attention", "count": 12, "hot": True,
             "current": True},
            {"label": "Live in ads", "url": "?view=live", "count": 19},
            {"label": "No count", "url": "?view=none"},
        ],
        "ends": [
            (now - timedelta(days=30), now + timedelta(days=57, hours=3)),
            (now - timedelta(days=24), now + timedelta(days=6, hours=3)),
            (now - timedelta(days=28), now + timedelta(days=2, hours=7)),
            (now - timedelta(days=32), now - timedelta(days=2)),
            (None, None),
        ],
        "answers": [
            {"question": "Which creators posted?", "icon_name": "users", "value": "43",
             "of": "of 61 due", "parts": [(43, "a"), (7, "w"), (11, "m")],
             "parts_text": "43 posted, 7 overdue, 11 still in window", "fact": "7 overdue",
             "fact_tone": "warn", "more": "11 in window"},
            {"question": "Which posts are authorized?", "icon_name": "key", "value": "28",
             "of": "of 43 posts", "parts": [(28, "a"), (11, "l"), (4, "b")],
             "parts_text": "28 authorized, 11 awaiting code, 4 with a problem",
             "fact": "4 problems", "fact_tone": "bad"},
            {"question": "What is live in paid?", "icon_name": "mega", "value": "19",
             "of": "posts · 31 ads", "parts": [(26, "g"), (3, "w"), (2, "m")],
             "parts_text": "26 delivering, 3 learning, 2 limited", "stale": "Ads from 7 h ago"},
            {"question": "What expired or will?", "icon_name": "hourglass", "value": "0",
             "of": "expired", "parts": [], "fact": "None in the next 7 days"},
            {"question": "Which products made money?", "icon_name": "dollar", "value": "5",
             "of": "of 6", "parts": [(5, "g"), (1, "b")],
             "parts_text": "5 in profit, 1 losing", "fact": "Gua Sha Set −$1,587",
             "fact_tone": "bad"},
        ],
        "stats": [
            {"label": "Net profit", "value": "$30,770.93", "change": Decimal("0.225"),
             "good": "up", "note": "18.4% of net sales"},
            {"label": "Ad spend", "value": "$38.4K", "change": Decimal("0.267"), "good": ""},
            {"label": "Refunds", "value": "$4,102.11", "change": Decimal("0.038"), "good": "down",
             "state": "estimated"},
            {"label": "Orders", "value": "None", "note": "Not settled"},
        ],
        "events": [
            {"icon": "eye", "tone": "warn", "title": "Mia opened the renewal link",
             "text": "Second e-mail. Stopped at step 2 of 3.", "at": now - timedelta(hours=9)},
            {"icon": "mail", "tone": "info", "title": "Renewal e-mail sent",
             "at": now - timedelta(days=1), "href": "#mail"},
            {"icon": "check", "tone": "ok", "title": "Code authorized", "text": "30 days.",
             "at": now - timedelta(days=400)},
        ],
        "checks": [
            {"state": "ok", "label": "Post is live and public", "fact": "6 min"},
            {"state": "bad", "label": "Code outlasts the ads", "url": "#fix",
             "action": "Use Jan 18", "text": "Ads run to Dec 3, the code ends Nov 24."},
            {"state": "warn", "label": "Stock for 14 days", "fact": "11 d"},
            {"state": "idle", "label": "Claims reviewed", "fact": "Waits for a person"},
        ],
        "jobs": [
            {"name": "job-1", "label": "Reading orders", "done": 12_400, "total": 18_000,
             "state": "running", "url": "/_components/job/?name=job-1",
             "text": "About 40 s left."},
            {"name": "job-2", "label": "Reading statements", "done": 3, "total": None,
             "state": "waiting", "url": "/_components/job/?name=job-2"},
            {"name": "job-5", "label": "Reading returns", "done": 3, "total": None,
             "state": "running", "url": "/_components/job/?name=job-5"},
            {"name": "job-3", "label": "Reading posts", "done": 214, "total": 214,
             "state": "done"},
            {"name": "job-4", "label": "Reading ads", "done": 40, "total": 90, "state": "failed",
             "text": "TikTok asked us to slow down. We try again at 9:12 AM."},
        ],
        "lines": [(days, "good"), (days[::-1], "poor"), ([3, 2, 1, -2, -4], "poor"), ([5, 5], "")],
        "chart": {
            "x": [f"Nov {day}" for day in range(8, 22)],
            "currency": "USD",
            "series": [
                {"key": "gmv", "label": "GMV", "values": [value * 100 for value in days]},
                {"key": "spend", "label": "Ad spend", "values": [value * 22 for value in days]},
            ],
            "est": 10,
        },
        "icons": icons(),
    }  # fmt: skip
