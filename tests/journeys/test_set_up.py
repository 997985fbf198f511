"""From an empty installation to the first renewal, along the set-up checklist alone (SS7)."""

import io
import re
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from authorizations.inbound import STREAMS as RIGHTS
from authorizations.models import Authorization
from creators.models import Creator, Post
from sparkops import clock
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.intake.actions.running import run_batch as run_import
from sparkops.intake.models import Import
from sparkops.isolation.scope import client_scope
from sparkops.landing.streams import pull_due
from sparkops.outbox.queue import drain
from sparkops.renewals.actions.runs import run_batch as write_asks
from sparkops.renewals.models import Ask, Run
from sparkops.renewals.outbound import HANDLERS, ON_REFUSAL
from sparkops.tenants.models import Client, Organization
from tests.factories.cast import PASSWORD
from tests.sandbox_server import SandboxServer
from tests.sparkops.intake.tracker300 import code, item_id

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
OWNER = "owner@new.example"
SHEET = (
    "Creator\tVideo\tSpark code\tE-mail\n"
    f"@maya\t{item_id(1)}\t{code(1)}\tmaya@example.com\n"
    f"@bo\t{item_id(2)}\t{code(2)}\t\n"
)
TERMS: dict[str, Any] = {
    "name": "Standard", "days": "60", "hold_days": "7", "channels": ["spark"], "currency": "USD",
    "fee": "450", "pay_when": "code", "pay_days": "7", "renewal_days": "14", "disclosure": "on",
}  # fmt: skip
MINUTES, SECONDS_A_PAGE = 15, 30
"""A person reads and fills in a page in half a minute on average, the larger ones in more."""


@pytest.fixture(autouse=True)
def fresh() -> None:
    """A confirmation is mailed to one address every few minutes only; the run before counts not."""
    cache.clear()


class Person:
    """Somebody with a browser: counts the pages seen, and goes only where a page leads."""

    def __init__(self) -> None:
        self.browser, self.seen = Browser(), 0
        self.page: Any = None
        self.checklist = ""

    def open(self, path: str) -> None:
        self.page = self.browser.get(path, follow=True)
        self._saw()

    def send(self, path: str = "", **values: Any) -> None:
        path = path or self.page.request["PATH_INFO"]
        self.page = self.browser.post(path, values, follow=True)
        self._saw()

    def _saw(self) -> None:
        assert self.page.status_code == 200, self.page.content.decode()[:500]
        self.seen += 1

    @property
    def text(self) -> str:
        return str(self.page.content.decode())

    def follow(self, found: str) -> None:
        """Open the address in the page that the pattern's group finds."""
        match = re.search(found, self.text)
        assert match is not None, found
        self.open(match[1].replace("&amp;", "&"))

    def step(self, label: str) -> None:
        """Back to the checklist, and into a step that is still to do."""
        self.open(self.checklist)
        assert label in self.to_do()
        self.follow(rf'href="([^"]+)">Do it<span class="vh">: {re.escape(label)}<')

    def to_do(self) -> list[str]:
        """The steps that the checklist has open."""
        return re.findall(r'<li class="idle">.*?<b>(.*?)</b>', self.text)

    def form(self, **changes: Any) -> dict[str, Any]:
        """The page's form as it stands, with changes."""
        bound = self.page.context["form"]
        values = {one.html_name: one.value() for one in bound if one.value() is not None}
        return {**values, **changes}

    def consent(self, path: str) -> None:
        """Press Connect, say yes on TikTok's page, and come back."""
        away = self.browser.post(path).headers["Location"]
        asked = httpx.get(away).text
        self.seen += 1
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked))
        user = re.findall(r'name="user" value="([^"]*)"', asked)[0]
        target = httpx.URL(away).join("/portal/auth/decision")
        back = httpx.post(target, data={**hidden, "user": user, "decision": "allow"})
        parts = urlsplit(back.headers["Location"])
        self.open(f"{parts.path}?{parts.query}")


def signed_up() -> Person:
    """The first owner, invited by the command, with a confirmed address."""
    out = io.StringIO()
    call_command("first_owner", OWNER, "New House", stdout=out)
    link = urlsplit(out.getvalue().split()[-1]).path
    person = Person()
    person.open(link)
    person.follow(r'href="([^"]+signup[^"]+)"')
    person.send(email=OWNER, password1=PASSWORD, password2=PASSWORD)
    [confirm] = re.findall(r"https?://\S+confirm-email/\S+", str(mail.outbox[-1].body))
    person.open(urlsplit(confirm).path)
    person.send()
    # Confirming leads to the sign-in page.
    person.send(login=OWNER, password=PASSWORD)
    person.open(link)
    person.send()
    return person


def test_ss7_a_new_team_gets_to_its_first_renewal_by_the_checklist_alone(
    sandbox: SandboxServer,
) -> None:
    """SS7: creators, posts, codes and the first renewal message, from an empty installation, on no
    more pages than fit into fifteen minutes."""
    person = signed_up()
    assert "No client yet." in person.text
    person.follow(r'href="([^"]+/clients/new/)"')
    person.send(**person.form(name="Fresh Brand"))
    person.checklist = person.page.request["PATH_INFO"]
    assert "0 of 8 steps are done" in person.text
    everything = person.to_do()
    client = Client.objects.get()

    person.step("Connect the ad accounts")
    [start] = re.findall(r'action="([^"]+/connect/ads/)"', person.text)
    person.consent(start)
    assert "is connected" in person.text
    for streams in (CATALOG, RIGHTS):
        pull_due(client.pk, streams, now=clock.now)

    person.open(person.checklist)
    person.follow(r'href="([^"]+)">(?:Do it|Open)<span class="vh">: Bring your sheet<')
    person.send(pasted=SHEET)
    columns = {
        f"column_{at}": one["field"] or ""
        for at, one in enumerate(person.page.context["batch"].proposal)
    }
    today = clock.now().date().isoformat()
    person.send(**columns, currency="USD", day_order="", fee_kind="flat_fee", fee_day=today)
    person.send(re.findall(r'action="([^"]+/run/)"', person.text)[0])
    with client_scope(client.pk):
        while run_import(Import.objects.get().pk, now=clock.now()):
            pass
        assert set(Creator.objects.values_list("handle", flat=True)) >= {"maya", "bo"}
        assert Post.objects.filter(item_id__in=[item_id(1), item_id(2)]).count() == 2
        sheet_codes = Authorization.objects.filter(source="import").values_list("state", flat=True)
        assert list(sheet_codes) == ["submitted", "submitted"]

    person.step("Write your usage terms")
    person.send(**TERMS)
    person.step("Decide when creators are asked for renewals")
    person.send(**{**person.form(), "reminder_days": "21, 7, 1"})

    person.step("Ask the first creator for a renewal")
    with client_scope(client.pk):
        known = Authorization.objects.filter(state="verified", creator__isnull=False)
        row = known.order_by("ends_at", "pk")[0]  # the list begins with what ends first
    assert f'value="{row.pk}"' in person.text
    person.open(f"/c/{client.slug}/renewals/ask/?id={row.pk}")
    person.send(**person.form(id=row.pk))
    with client_scope(client.pk):
        while write_asks(Run.objects.get().pk, now=clock.now()):
            pass
    drain(client.pk, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)
    with client_scope(client.pk):
        assert Ask.objects.get().state in ("copy", "sent")

    person.open(person.checklist)
    assert person.to_do() == ["Connect the TikTok Shop", "Enter unit costs"]
    assert set(person.to_do()) < set(everything)
    assert person.seen <= MINUTES * 60 // SECONDS_A_PAGE, person.seen


def test_a_step_that_the_role_may_not_do_says_who_does_it(cast: Any) -> None:
    viewer = Person()
    viewer.browser.force_login(cast.members["viewer"])
    viewer.open("/c/glow/set-up/")
    assert viewer.text.count("An owner or account manager does this") == 8
    manager = Person()
    manager.browser.force_login(cast.members["manager"])
    manager.open("/c/glow/set-up/")
    assert "An owner or account manager does this" not in manager.text


def test_only_owners_add_clients_and_a_wrong_zone_is_told(cast: Any) -> None:
    browser = Browser()
    browser.force_login(cast.members["manager"])
    assert browser.get("/o/north/clients/new/").status_code == 403
    browser.force_login(cast.members["owner"])
    wrong = {"name": "X", "timezone": "Mars/Base", "currency": "usd"}
    page = browser.post("/o/north/clients/new/", wrong)
    assert page.status_code == 422
    assert "Write a currency as three capitals" in page.content.decode()
    page = browser.post("/o/north/clients/new/", {**wrong, "currency": "USD"})
    assert page.status_code == 422
    assert "Mars/Base" in page.content.decode()
    assert Client.objects.filter(organization=cast.agency).count() == 2


def test_a_member_is_not_made_first_owner_of_another_house(cast: Any) -> None:
    with pytest.raises(CommandError, match="is a member of an organization already"):
        call_command("first_owner", cast.members["owner"].email, "Third House")
    assert not Organization.objects.filter(name="Third House").exists()
