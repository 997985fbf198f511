"""Columns of guard rules and of their log."""

from typing import Any

from django.urls import reverse

from campaigns.models import GuardCheck, GuardRule
from campaigns.queries.guards import account_of
from campaigns.rules.guard_words import measured_words, rule_words, threshold_words
from sparkops.web.tables import Column, Table

MODE_TONES = {GuardRule.Mode.ACT: "ok", GuardRule.Mode.SUGGEST: "info"}
OUTCOME_TONES = {
    GuardCheck.Outcome.SUGGESTED: "warn",
    GuardCheck.Outcome.ASKED: "ok",
    GuardCheck.Outcome.TOLD: "info",
    GuardCheck.Outcome.REFUSED: "bad",
    GuardCheck.Outcome.UNDONE: "half",
}


def guards_table(slug: str) -> Table:
    """The rules of one client."""

    def href(row: GuardRule) -> str:
        return reverse("campaigns:guard", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="guards",
        caption="Guard rules",
        default_sort="name",
        row_href=href,
        columns=(
            Column("name", "Rule", sub=lambda row: rule_words(row.conditions), href=href,
                   phone="title", sort="name"),
            Column("mode", "How", lambda row: row.get_mode_display(), kind="badge",
                   tone=lambda row: MODE_TONES.get(row.mode, "")),
            Column("level", "Looks at", lambda row: row.get_level_display(), fold=2),
            Column("action", "Then", _action, fold=1),
            Column("changed", "Changed", "changed_at", kind="ago", sub="changed_by", fold=2),
        ),
    )  # fmt: skip


def checks_table(slug: str) -> Table:
    """Every evaluation with its inputs."""

    def href(row: GuardCheck) -> str:
        return reverse("campaigns:guard-check", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="guard-log",
        caption="Evaluations of guard rules",
        default_sort="-at",
        row_href=href,
        columns=(
            Column("target", "Looked at", lambda row: str(row.target),
                   sub=lambda row: row.get_level_display(), href=href, phone="title"),
            Column("outcome", "Outcome", lambda row: row.get_outcome_display(), kind="badge",
                   tone=tone_of_check, sub="sentence"),
            Column("rule", "Rule", "rule.name", fold=1),
            Column("inputs", "What was measured", inputs_words, fold=1),
            Column("at", "First", "at", kind="ago", sort="at"),
            Column("last", "Last", "last_at", kind="ago", fold=2),
            Column("times", "Times", kind="int", shown=False),
            Column("by", "Decided by", "decided_by", fold=2),
        ),
    )  # fmt: skip


def tone_of_check(row: GuardCheck) -> str:
    """The badge class of an outcome."""
    return OUTCOME_TONES.get(GuardCheck.Outcome(row.outcome), "")


def inputs_words(row: Any) -> str:
    """Every measure beside what it was held against."""
    currency = account_of(row.target).currency
    return "; ".join(
        f"{measured_words(one, currency)}, {threshold_words(one, currency)}" for one in row.inputs
    )


def _action(row: GuardRule) -> str:
    by = f" by {row.percent.normalize():+f}%" if row.percent else ""
    return f"{row.get_action_display()}{by}"
