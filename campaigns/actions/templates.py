"""Launch templates: made, changed as a new version, retired."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from campaigns.models import LaunchTemplate
from campaigns.queries.templates import current_templates
from campaigns.rules.delivery import GOALS
from campaigns.rules.naming import problem_of
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal


@dataclass(frozen=True)
class TemplateDraft:
    """What a template says, see `models.LaunchTemplate`."""

    name: str
    naming: str
    objective: str
    goal: str
    daily_budget: Decimal
    bid: Decimal | None
    placement: str
    starts_in_hours: int
    days: int
    landing_url: str = ""


def make_template(draft: TemplateDraft, *, by: Actor, now: datetime) -> LaunchTemplate:
    """A template that is new. Raises Refusal when the name is taken or what it says cannot be."""
    if LaunchTemplate.objects.filter(name=draft.name).exists():
        raise Refusal("taken", "A template has this name already. Choose another.", field="name")
    return _written(draft, 1, by=by, now=now)


def change_template(
    seen: LaunchTemplate, draft: TemplateDraft, *, by: Actor, now: datetime
) -> LaunchTemplate:
    """A version after the one that was `seen`; launches made from older ones stay what they are.

    Raises Refusal when somebody changed it since, or when it is retired.
    """
    if not current_templates().filter(pk=seen.pk).exists():
        raise Refusal(
            "changed", "Somebody changed or retired this template meanwhile. Open it again."
        )
    return _written(draft, seen.version + 1, by=by, now=now)


def retire_template(template: LaunchTemplate, *, by: Actor, now: datetime) -> None:
    """Take a template off the lists; plans made from it go on."""
    template.retired_at = now
    template.save(update_fields=["retired_at"])
    record("launch.template_retired", template, by=by, now=now)


def _written(draft: TemplateDraft, version: int, *, by: Actor, now: datetime) -> LaunchTemplate:
    if problem := problem_of(draft.naming):
        raise Refusal("naming", problem, field="naming")
    if draft.goal not in GOALS[draft.objective]:
        raise Refusal("goal", "This goal does not belong to the objective.", field="goal")
    if draft.objective == "TRAFFIC" and not draft.landing_url:
        raise Refusal("no_url", "Traffic needs the address it should go to.", field="landing_url")
    try:
        with transaction.atomic():
            row = LaunchTemplate.objects.create(
                **asdict(draft), version=version, created_at=now, created_by=by.label
            )
    except IntegrityError:
        raise Refusal("changed", "Somebody saved this template just now. Open it again.") from None
    record("launch.template_saved", row, by=by, now=now, data={"version": version})
    return row
