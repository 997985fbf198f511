"""Worked examples through the production path.

A case's facts become rows of a client that exists only inside one transaction; booking books them,
the rollup sums them, and the report is read back as a page would. What such a file can say and a
shop's rows cannot is named by `reason_for_rules`; those cases are left to the rules alone.
"""

from datetime import UTC, datetime

from django.db import transaction

from profit.actions.booking import book_batch
from profit.actions.watching import mark_changes_elsewhere
from profit.actions.worked_examples.fit import reason_for_rules
from profit.actions.worked_examples.rows import CaseRows
from profit.queries.report import period_report
from profit.rules.report import Report
from profit.rules.worked_examples import ShopCase
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client, Organization

__all__ = ["database_report", "reason_for_rules"]

NAME = "worked-example"
NOW = datetime(2000, 1, 1, tzinfo=UTC)


def database_report(case: ShopCase) -> Report:
    """The report of a case from the database, as the app's role; nothing of it stays there.

    Raises ValueError for a case that `reason_for_rules` names, and for a fact that booking refuses.
    """
    reason = reason_for_rules(case)
    if reason:
        raise ValueError(reason)
    with transaction.atomic():
        client = _client(case)
        with client_scope(client.pk):
            rows = CaseRows(case, NOW)
            rows.write()
            mark_changes_elsewhere(now=NOW)
            while book_batch(now=NOW):
                pass
            found = period_report(rows.shop, case.context.basis, case.period)
        transaction.set_rollback(True)
    return found


def _client(case: ShopCase) -> Client:
    organization = Organization.objects.create(name=NAME, slug=NAME, created_at=NOW)
    return Client.objects.create(
        organization=organization,
        name=NAME,
        slug=NAME,
        timezone=case.context.shop.timezone,
        currency=case.context.shop.currency,
        created_at=NOW,
    )
