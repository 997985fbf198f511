"""Postgres keeps clients apart; these tests ask it, as the app's own role."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from creators.models import Creator, Post
from sparkops.isolation.checks import client_models, role_faults, unprotected_tables
from sparkops.isolation.scope import ScopeError, client_scope, portfolio_scope
from tests.factories.cast import BEGIN, Cast

pytestmark = pytest.mark.django_db


def make_creator(handle: str) -> Creator:
    return Creator.objects.create(handle=handle, source="test", created_at=BEGIN)


def refer_to(creator: Creator) -> None:
    Post.objects.create(item_id="1", creator=creator, source="test", first_seen_at=BEGIN)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_client_table_is_protected() -> None:
    assert len(client_models()) > 30
    assert unprotected_tables() == []


def test_the_app_role_is_weak() -> None:
    assert role_faults() == []


def test_a_query_outside_a_scope_is_an_error(cast: Cast) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Creator.objects.count()


def test_a_query_after_a_scope_is_an_error_again(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        assert Creator.objects.count() == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        Creator.objects.count()


def test_a_scope_sees_only_its_client(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        make_creator("mine")
    with client_scope(cast.sister.pk):
        make_creator("hers")
        assert [one.handle for one in Creator.objects.all()] == ["hers"]
    with client_scope(cast.foreign.pk):
        assert not Creator.objects.exists()


def test_a_row_of_another_client_cannot_be_written(cast: Cast) -> None:
    with (
        client_scope(cast.client.pk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Creator.objects.create(
            client_id=cast.foreign.pk, handle="theirs", source="test", created_at=BEGIN
        )


def test_a_reference_cannot_leave_the_client(cast: Cast) -> None:
    with client_scope(cast.foreign.pk):
        theirs = make_creator("theirs")
    with (
        client_scope(cast.client.pk),
        pytest.raises(IntegrityError, match="same_client"),
        transaction.atomic(),
    ):
        refer_to(theirs)


def test_the_portfolio_reads_its_clients_and_writes_nothing(cast: Cast) -> None:
    for client in (cast.client, cast.sister, cast.foreign):
        with client_scope(client.pk):
            make_creator(f"of-{client.slug}")
    with portfolio_scope([cast.client.pk, cast.sister.pk]):
        assert set(Creator.objects.values_list("handle", flat=True)) == {"of-glow", "of-peak"}
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Creator.objects.update(notes="changed")


def test_a_different_scope_inside_a_scope_is_refused(cast: Cast) -> None:
    with (
        client_scope(cast.client.pk),
        pytest.raises(ScopeError),
        client_scope(cast.sister.pk),
    ):
        pass


def test_the_ledger_refuses_changes_and_the_audit_log_too(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = 'sparkops_app' AND table_name = ANY(%s)",
            [["profit_entry", "audit_event", "authorizations_transition"]],
        )
        granted = {(table, right) for table, right in cursor.fetchall() if right != "TRUNCATE"}
    assert granted == {
        (table, right)
        for table in ("profit_entry", "audit_event", "authorizations_transition")
        for right in ("SELECT", "INSERT")
    }
