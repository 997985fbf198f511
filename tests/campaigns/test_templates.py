"""Launch templates: naming, versions, and what a plan or launch takes from one."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from campaigns.actions.launch import LaunchPlan, plan_launch
from campaigns.actions.templates import TemplateDraft, change_template, make_template
from campaigns.models import Launch, LaunchTemplate, Plan, PlanLine
from campaigns.queries.templates import current_templates
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.campaigns.test_plans import as_role, text_of
from tests.factories.ads import NOW, a_post, covered, needs, redeemed
from tests.factories.cast import Cast
from tests.factories.triage import on_the_board

pytestmark = pytest.mark.django_db
HERE = "/c/glow/campaigns/plans/templates/"
MINA = Actor("Mina", 7)
DRAFT = TemplateDraft(
    name="Views",
    naming="{client}_{creator}_{product}_{date}",
    objective="VIDEO_VIEWS",
    goal="ENGAGED_VIEW_FIFTEEN",
    daily_budget=Decimal(75),
    bid=Decimal("0.05"),
    placement="tiktok",
    starts_in_hours=2,
    days=5,
)
ENTERED: dict[str, Any] = {
    "name": "Views",
    "naming": "{client} {creator} {post}",
    "objective": "VIDEO_VIEWS",
    "goal": "ENGAGED_VIEW",
    "daily_budget": "75.00",
    "placement": "tiktok",
    "starts_in_hours": "2",
    "days": "5",
}


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_template_is_made_changed_by_versions_and_retired_on_its_pages(cast: Cast) -> None:
    media, viewer = as_role(cast, "media"), as_role(cast, "viewer")
    assert "No template yet" in text_of(media.get(HERE))
    assert viewer.get(f"{HERE}new/").status_code == 403
    wrong = media.post(f"{HERE}new/", {**ENTERED, "naming": "{brand}"})
    assert wrong.status_code == 422
    assert "There is no variable {brand}." in text_of(wrong)
    assert media.post(f"{HERE}new/", {**ENTERED, "goal": "CLICK"}).status_code == 422
    assert media.post(f"{HERE}new/", ENTERED).status_code == 302
    again = media.post(f"{HERE}new/", ENTERED)
    assert "has this name already" in text_of(again)
    with client_scope(cast.client.pk):
        first = LaunchTemplate.objects.get()
    assert media.post(f"{HERE}{first.pk}/", {**ENTERED, "days": "9"}).status_code == 302
    stale = media.post(f"{HERE}{first.pk}/", {**ENTERED, "days": "8"})
    assert (stale.status_code, "changed or retired" in text_of(stale)) == (422, True)
    with client_scope(cast.client.pk):
        assert list(current_templates().values_list("version", "days")) == [(2, 9)]
        first.refresh_from_db()
        assert (first.version, first.days) == (1, 5)
        second = current_templates().get()
    assert "version 2" in text_of(viewer.get(HERE))
    assert media.post(f"{HERE}{second.pk}/retire/").status_code == 302
    assert "No template yet" in text_of(media.get(HERE))
    with client_scope(cast.client.pk):
        verbs = Event.objects.filter(verb__startswith="launch.template").order_by("pk")
        assert list(verbs.values_list("verb", flat=True)) == [
            "launch.template_saved", "launch.template_saved", "launch.template_retired",
        ]  # fmt: skip


def test_a_plan_starts_from_a_template_and_keeps_its_version(cast: Cast) -> None:
    """The form is filled from it, the plan's lines name the version, and a later one is another."""
    with client_scope(cast.client.pk):
        template = make_template(DRAFT, by=MINA, now=NOW)
        post = a_post()
        account = redeemed(covered(post))
        verdict = on_the_board(post, now=NOW).pk
    url = "/c/glow/campaigns/plans/new/"
    page = text_of(as_role(cast, "media").get(url, {"id": verdict, "template": template.pk}))
    assert 'value="75.00"' in page
    assert 'value="2026-09-10T13:00"' in page and 'value="2026-09-15T13:00"' in page
    asked = {
        "id": verdict, "template": template.pk, "name": "Push", "objective": "VIDEO_VIEWS",
        "ad_account": account.pk, "daily_budget": "75.00", "starts_at": "2026-09-10T13:00",
        "ends_at": "2026-09-15T13:00",
    }  # fmt: skip
    other = as_role(cast, "media").post(url, {**asked, "objective": "REACH"})
    assert "Views is for video views." in text_of(other)
    assert as_role(cast, "media").post(url, asked).status_code == 302
    with client_scope(cast.client.pk):
        assert PlanLine.objects.get().template == template
        change_template(template, DRAFT, by=MINA, now=NOW)
        assert PlanLine.objects.get().template == template
    gone = as_role(cast, "media").post(url, asked)
    assert "changed or retired meanwhile" in text_of(gone)
    with client_scope(cast.client.pk):
        plan = Plan.objects.get()
    shown = text_of(as_role(cast, "viewer").get(f"/c/glow/campaigns/plans/{plan.pk}/"))
    assert "Views, version 1" in shown


def test_a_launch_is_named_by_the_convention_of_its_template(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        template = make_template(DRAFT, by=MINA, now=NOW)
        post = a_post()
        needs(post, "1.5")
        plan = LaunchPlan(
            post=post, ad_account=redeemed(covered(post)), objective="VIDEO_VIEWS",
            daily_budget=Decimal(75), starts_at=NOW + timedelta(hours=2),
            ends_at=NOW + timedelta(days=5), template=template,
        )  # fmt: skip
        launch = plan_launch(plan, by=MINA, now=NOW)
        name, _, mark = launch.name.rpartition(" ")
        assert name == f"{cast.client.name}_maya.glow_Product p1_2026-09-10"
        assert len(mark) == 8
        Launch.objects.update(state="canceled")
        assert plan_launch(plan, by=MINA, now=NOW).name != launch.name
        wrong = LaunchPlan(**{**vars(plan), "objective": "REACH"})
        with pytest.raises(Refusal, match="another objective"):
            plan_launch(wrong, by=MINA, now=NOW)


def test_strangers_reach_no_template(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        template = make_template(DRAFT, by=MINA, now=NOW)
    other = Browser()
    other.force_login(cast.members["media"])
    assert other.get(f"/c/peak/campaigns/plans/templates/{template.pk}/").status_code == 404
