"""The production files name only what exists: commands, services, variables, paths.

No container engine is needed. Each test reads the files as the engine would and looks up what they
name in the code base.
"""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml

from sparkops.bootstrap import INSTALLER_LOCK, LOCKS
from sparkops.celery import QUEUES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OWN = {name: service for name, service in SERVICES.items() if service["image"] == "sparkops"}
ENV_EXAMPLE = (ROOT / ".env.example").read_text()
VARIABLE = re.compile(r"\$\{([A-Z_]+)(:\?[^}]*|:-[^}]*)?\}")
# Read by the servers and tools of their images, not by us.
IMAGE_VARIABLES = {
    "POSTGRES_PASSWORD": "postgres",
    "REDISCLI_AUTH": "valkey-cli",
    "PATH": "the shell",
    "PYTHONUNBUFFERED": "Python",
    "PYTHONDONTWRITEBYTECODE": "Python",
    "DJANGO_SETTINGS_MODULE": "Django",
    "OTEL_EXPORTER_OTLP_HEADERS": "the OpenTelemetry library",
    "OTEL_TRACES_SAMPLER": "the OpenTelemetry library",
    "OTEL_TRACES_SAMPLER_ARG": "the OpenTelemetry library",
}


def source_text():
    """Every Python file of the product."""
    paths = [ROOT / "manage.py", *(ROOT / "sparkops").rglob("*.py")]
    return "\n".join(path.read_text() for path in paths)


SOURCE = source_text()


def is_read(name):
    """Whether the product reads a variable by this name."""
    return f'"{name}"' in SOURCE


def dockerfile_steps():
    """The instructions of the Dockerfile as (word, rest), continued lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line.strip() for line in text.splitlines()]
    return [tuple(line.split(None, 1)) for line in lines if line and not line.startswith("#")]


STEPS = dockerfile_steps()


def commands_of(command):
    """The single commands of an exec-form list, opened up where it is a shell line."""
    if command[:2] != ["sh", "-c"]:
        return [command]
    [line] = command[2:]
    return [shlex.split(part.split(">")[0]) for part in re.split(r"&&|\|", line)]


def own_commands():
    """Every command that runs in our image, by where it is written."""
    for name, service in OWN.items():
        for command in commands_of(service.get("command", [])):
            if command:
                yield name, command
    for word, rest in STEPS:
        if word == "CMD":
            yield "Dockerfile", json.loads(rest)
        elif word == "HEALTHCHECK":
            yield "Dockerfile health check", json.loads(rest.partition("CMD ")[2])
        elif word == "RUN":
            for part in rest.split("&&"):
                words = [w for w in shlex.split(part) if not re.match(r"[A-Z_]+=", w)]
                yield "Dockerfile", words


COMMANDS = [
    pytest.param(words, id=f"{where}: {' '.join(words)[:60]}") for where, words in own_commands()
]
PLAIN_PROGRAMS = {"tee", "head", "cat", "useradd", "install", "/venv/bin/pip"}


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_of_our_image_exists(words):
    program, *arguments = words
    if program in PLAIN_PROGRAMS:
        return
    if program == "gunicorn":
        assert (ROOT / "sparkops" / "wsgi.py").is_file()
        assert arguments[0] == "sparkops.wsgi:application"
    elif program == "celery":
        assert arguments[:2] == ["-A", "sparkops.celery:app"]
        assert arguments[2] in ("worker", "beat")
    elif program == "python" and arguments[0] == "manage.py":
        assert (ROOT / "manage.py").is_file()
        assert arguments[1] in django_commands()
    elif program == "python" and arguments[0] == "-m":
        assert arguments[1] in ("venv", "compileall") or is_module(arguments[1])
    else:
        raise AssertionError(f"unknown program {program}")


def django_commands():
    from django.core.management import get_commands

    return get_commands()


def is_module(name):
    """Whether `python -m name` runs something of ours."""
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def test_there_is_one_worker_per_queue_and_one_beat():
    served = []
    for _, words in own_commands():
        if words[0] == "celery" and words[3] == "worker":
            served += words[words.index("-Q") + 1].split(",")
    assert sorted(served) == sorted(QUEUES)
    beats = [words for _, words in own_commands() if words[0] == "celery" and words[3] == "beat"]
    assert len(beats) == 1


def test_the_shape_is_complete():
    assert {"postgres", "valkey", "migrate", "web", "beat", "sandbox"} <= set(SERVICES)
    assert SERVICES["sandbox"]["profiles"] == ["sandbox"]
    assert "profiles" not in SERVICES["web"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_dependency_is_a_service_that_can_meet_its_condition(name):
    for other, rule in SERVICES[name].get("depends_on", {}).items():
        assert other in SERVICES
        if rule["condition"] == "service_healthy":
            assert "test" in SERVICES[other]["healthcheck"]
        else:
            assert rule["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] == "no"


@pytest.mark.parametrize("name", SERVICES)
def test_every_variable_given_to_a_service_is_read_there(name):
    for variable in SERVICES[name].get("environment", {}):
        assert variable in IMAGE_VARIABLES or is_read(variable), variable


def test_every_variable_of_the_image_is_read():
    for word, rest in STEPS:
        if word == "ENV":
            for pair in shlex.split(rest):
                name = pair.partition("=")[0]
                assert name in IMAGE_VARIABLES or is_read(name), name


def test_compose_and_the_example_name_the_same_variables():
    wanted = {match[0] for match in VARIABLE.findall((ROOT / "docker-compose.yml").read_text())}
    offered = set(re.findall(r"^([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE))
    assert wanted == offered


def test_what_the_product_requires_is_required_by_compose():
    required = {
        match[0]
        for match in VARIABLE.findall((ROOT / "docker-compose.yml").read_text())
        if match[1].startswith(":?")
    }
    # Settings without a usable default, and every password.
    assert {"SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "SITE_URL"} <= required
    assert {
        "POSTGRES_PASSWORD",
        "OWNER_DB_PASSWORD",
        "APP_DB_PASSWORD",
        "VALKEY_PASSWORD",
    } <= required


def test_the_example_holds_no_secret():
    for line in ENV_EXAMPLE.splitlines():
        name, found, value = line.partition("=")
        if found and re.search(r"PASSWORD|SECRET|KEY", name) and not name.startswith("#"):
            assert value == "", name


def test_only_the_migration_holds_the_passwords_of_owner_and_admin():
    for name, service in OWN.items():
        text = json.dumps(service)
        assert ("OWNER_DB_PASSWORD" in text) == (name == "migrate"), name
        assert ("POSTGRES_PASSWORD" in text) == (name == "migrate"), name


def test_every_volume_is_declared_and_used():
    used = {
        mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])
    }
    assert used == set(COMPOSE["volumes"])


def test_the_image_copies_what_exists_and_the_ignore_file_lets_it_through():
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [rest.split()[:-1] for word, rest in STEPS if word == "COPY" and "--from" not in rest]
    for [source] in copied:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignore


def test_the_image_carries_every_package_of_the_product():
    copied = {rest.split()[0] for word, rest in STEPS if word == "COPY"}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages <= copied


def test_the_image_runs_as_an_ordinary_user():
    assert ("USER", "sparkops") in STEPS


def test_only_packages_of_the_local_extra_are_taken_out_of_the_image():
    [line] = [rest for word, rest in STEPS if word == "RUN" and "pip uninstall" in rest]
    removed = set(line.partition("--yes")[2].split())
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = extra["optional-dependencies"]["local"]
    wanted = {re.split(r"[~=<>]", requirement)[0] for requirement in extra}
    assert wanted <= removed
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.M))
    assert removed <= locked
    product = {re.split(r"[~=<>\[]", line)[0] for line in _run_dependencies()}
    assert not removed & product


def _run_dependencies():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]


@pytest.mark.parametrize("lock", sorted({*LOCKS.values(), INSTALLER_LOCK}))
def test_locks_have_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==", entry), entry
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_dev_lock_contains_the_run_lock():
    def pins(lock):
        return set(re.findall(r"^(\S+==\S+)", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins(LOCKS["demo"]) <= pins(LOCKS["test"])


def test_ci_runs_the_readme_command():
    text = (ROOT / ".ci" / "run").read_text()
    assert "python3 manage.py test" in text
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_hooks_before_a_commit_run_what_the_dev_lock_installs():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    locked = (ROOT / LOCKS["test"]).read_text()
    packages = {"ruff": "ruff", "mypy": "mypy", "lint-imports": "import-linter"}
    for hook in config["repos"][0]["hooks"]:
        program = Path(hook["entry"].split()[0])
        assert program.parent.as_posix() == ".venv/bin"
        assert f"{packages[program.name]}==" in locked
