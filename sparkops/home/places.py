"""Pages and deeds that can be found by their name. Who may open one is what its gate says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import resolve, reverse

from sparkops.tenants.gate import STAMP

May = Callable[[str], bool]


@dataclass(frozen=True)
class Place:
    """A page by its name in the URL map. `words` are other names that people look for."""

    label: str
    name: str
    icon: str
    words: str = ""


DEEDS = (
    Place("Hand in codes", "authorizations:hand-in", "plus", "spark code paste add authorization"),
    Place("Write to creators", "outreach:new", "send", "new outreach message invite"),
    Place("New plan of ads", "campaigns:plan-new", "plus", "launch campaign budget"),
    Place("New guard", "campaigns:guard-new", "plus", "rule pause stop"),
    Place("Write usage terms", "authorizations:terms-new", "plus", "template contract"),
    Place("Import a spreadsheet", "intake:imports", "upload", "csv excel tracker bring"),
    Place("Bring an edited export", "home:revise", "upload", "csv excel creators"),
    Place("Bring unit costs", "profit:cost-files", "upload", "enter cogs product cost file"),
    Place("Add a cost", "profit:custom-costs", "plus", "other agency fee"),
    Place("Try a price or commission", "profit:what-if", "target", "what if simulate"),
)
PLACES = (
    Place("Today", "home:today", "today", "start home"),
    Place("Set-up checklist", "home:set-up", "checkc", "begin onboarding"),
    Place("Tasks", "talk:tasks", "checkc", "assigned mine due"),
    Place("Saved views", "desk:views", "save", "filters pinned"),
    Place("Creators", "creators:creators", "users", "affiliates"),
    Place("Applications", "creators:applications", "doc", "creators apply"),
    Place("Outreach", "outreach:list", "send", "messages"),
    Place("Segments", "outreach:segments", "filter", "outreach groups"),
    Place("Funnel of outreach", "outreach:funnel", "chart", "invited replied"),
    Place("Inbox", "outreach:inbox", "mail", "conversations replies"),
    Place("Message quota", "outreach:quota", "hourglass", "outreach limit"),
    Place("Samples", "creators:samples", "box", "requests"),
    Place("Rules for samples", "creators:sample-rules", "settings", "approve"),
    Place("Collaborations", "creators:collaborations", "link", "plans commission rates"),
    Place("Posts", "creators:posts", "video", "videos"),
    Place("Authorizations", "authorizations:list", "key", "codes permissions rights ledger"),
    Place("Usage terms", "authorizations:terms-list", "sign", "templates contracts"),
    Place("Watchdog", "authorizations:findings", "shield", "deleted private posts"),
    Place("Cases of taken-down posts", "authorizations:cases", "flag", "hold fee payment"),
    Place("Renewals", "renewals:at-risk", "refresh", "expiring spend at risk"),
    Place("Calendar of renewals", "renewals:calendar", "cal", "expiring month"),
    Place("Next 30 days", "renewals:next-30-days", "cal", "expiring forecast"),
    Place("Messages of renewals", "renewals:messages", "msg", "templates words"),
    Place("Triage", "campaigns:triage", "target", "score verdict board"),
    Place("Triage rules", "campaigns:triage-rule", "settings", "gates thresholds"),
    Place("Campaigns", "campaigns:list", "mega", "ads list"),
    Place("Plans", "campaigns:plans", "list", "approval launch"),
    Place("GMV Max", "campaigns:gmv-max", "chart", "campaigns"),
    Place("Guards", "campaigns:guards", "shield", "rules pause"),
    Place("Log of guards", "campaigns:guard-log", "list", "evaluations"),
    Place("Caps on spend", "campaigns:caps", "stop", "most limit"),
    Place("Comments under ads", "campaigns:comments", "comment", "hide answer"),
    Place("Changes in Ads Manager", "campaigns:changes", "edit", "by hand"),
    Place("Launch limits", "campaigns:limits", "lock", "approval"),
    Place("Profit", "profit:overview", "dollar", "margin cm3 money"),
    Place("Orders", "profit:orders", "cart", "sales"),
    Place("Statements", "profit:statements", "doc", "settlement payouts"),
    Place("Ledger entries", "profit:entries", "list", "bookings accounts"),
    Place("Journal", "profit:journal", "list", "bookkeeping export"),
    Place("Months", "profit:months", "lock", "close reopen"),
    Place("Tie-out with TikTok", "profit:tie-out", "recon", "reconcile"),
    Place("Restated numbers", "profit:restatements", "trend", "moved changed"),
    Place("Unit costs", "profit:costs", "dollar", "cogs"),
    Place("Exchange rates", "profit:rates", "refresh", "currency fx"),
    Place("Payments to creators", "profit:payments", "dollar", "fees"),
    Place("Import", "intake:imports", "upload", "spreadsheet csv"),
    Place("Connections", "connections:list", "plug", "tiktok sync fresh"),
    Place("Settings", "home:settings", "settings", "zone reminders buffer"),
)


def found(places: tuple[Place, ...], word: str, slug: str, may: May) -> Iterator[tuple[Place, str]]:
    """The places a member may open that `word` names, with their paths; all for no word.

    Every part of `word` must begin a word of the place.
    """
    parts = word.lower().split()
    for place in places:
        names = f"{place.label} {place.words}".lower().split()
        if all(any(name.startswith(part) for name in names) for part in parts):
            path = reverse(place.name, kwargs={"client": slug})
            if may(permission_of(path)):
                yield place, path


def permission_of(path: str) -> str:
    """The permission that the gate asks for at a path of a client."""
    mark = getattr(resolve(path).func, STAMP, "")
    return str(mark).partition(":")[2]
