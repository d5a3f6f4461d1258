"""
What the files of the deployment name is there: commands, paths, and names of the environment.

No container engine and no systemd runs here: images, compose file and units are read, not run.
"""

import configparser
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

import pytest
import yaml
from django.core.management import get_commands

from tests.deploy.site import ROOT, bare, free_ports, start_module

pytestmark = pytest.mark.once
DEPLOY = ROOT / "config" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PROGRAMS = ["healthy", "roles", "serve", "start"]


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> dict[str, list[str]]:
    """The instructions of the Dockerfile, by the name of the stage."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    stages = {}
    for line in filter(None, text.splitlines()):
        if line.startswith("FROM "):
            stage = stages[line.split(" AS ")[1]] = []
        stage.append(line)
    return stages


def known_names() -> set[str]:
    """Return the names of the environment that settings, server and `start` read."""
    settings = set(re.findall(r'(?:env\.\w+|secret)\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text()))
    server = set(re.findall(r'environ\.get\("([A-Z_]+)"', (DEPLOY / "gunicorn.conf.py").read_text()))
    start = set(re.findall(r'environment\.(?:get|setdefault)\(\s*"([A-Z_]+)"', (DEPLOY / "start").read_text()))
    files = {f"{name}_FILE" for name in start_module().FROM_FILES}
    assert {"SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "DATABASE_ROLE"} <= settings
    return settings | server | start | files


def test_each_program_can_be_run():
    for name in PROGRAMS:
        assert os.access(DEPLOY / name, os.X_OK), name
        assert (DEPLOY / name).read_text().startswith("#!/usr/bin/env ")


def test_each_command_that_start_knows_exists():
    tables = start_module()
    commands = [words[1] for words in [*tables.STEPS.values(), *tables.PROCESSES.values()] if words[0] == "manage.py"]

    assert commands
    assert set(commands) <= set(get_commands())
    assert (ROOT / "config" / "deploy" / "gunicorn.conf.py").exists()


def test_the_containers_are_given_what_the_site_knows(compose):
    tables = start_module()
    names = set(tables.STEPS) | set(tables.PROCESSES)
    ours = {name: service for name, service in compose["services"].items() if service["image"].startswith("imprimatur")}

    assert {"migrate", "web", "tools"} <= set(ours)
    for name, service in ours.items():
        assert set(service["command"]) <= (set(get_commands()) if name == "tools" else names), name
        assert set(service["environment"]) - {"TMPDIR"} <= known_names(), name
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    owners = {name for name in ours if "owner_database_url" in ours[name]["secrets"]}
    assert owners == {name for name in ours if any("OWNER" in key for key in ours[name]["environment"])}
    assert owners == {"migrate", "tools"}
    assert ours["tools"]["profiles"]
    assert ours["tools"]["entrypoint"] == ["config/deploy/start", "--manage"]


def test_no_container_lives_in_the_network_of_another_and_the_site_keeps_its_address(compose):
    """Who shares a network is cut off when its owner restarts, and may not come up after the machine did."""
    services = compose["services"]
    addresses = {name: services[name]["networks"]["door"]["ipv4_address"] for name in ("web", "nginx")}

    assert not [name for name, service in services.items() if "network_mode" in service]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["web"]["environment"]["PROXY_ADDRESSES"] == addresses["nginx"] != addresses["web"]


def test_every_redis_that_is_set_up_asks_for_a_password(compose):
    example = (DEPLOY / "environment.example").read_text()
    page = (DEPLOY / "README.md").read_text()

    assert "requirepass" in str(compose["services"]["redis"]["command"])
    assert re.search(r"^CACHE_URL=redis://:PASSWORD@", example, flags=re.MULTILINE)
    assert "`requirepass PASSWORD`" in page
    assert not re.findall(r"redis://(?!:)\S*", example + page + (DEPLOY / "compose.yaml").read_text())


def test_the_redis_of_the_containers_runs_with_its_password(compose, tmp_path):
    """What the container runs is run here, with another folder of secrets and another port."""
    (port,) = free_ports(1)
    (tmp_path / "cache_url").write_text("redis://:a1b2c3d4@redis:6379/0\n")
    script = compose["services"]["redis"]["command"][2].replace("$$", "$").replace("/run/secrets", str(tmp_path))
    asked = compose["services"]["redis"]["healthcheck"]["test"][1].replace("$$", "$")
    asked = asked.replace("/run/secrets", str(tmp_path)).replace("redis-cli", f"redis-cli -p {port}")
    words = ["sh", "-euc", script.replace('"save', f'"port {port}" "save')]
    process = subprocess.Popen(words, cwd=tmp_path, start_new_session=True)
    try:
        well = any(subprocess.run(["sh", "-c", asked]).returncode == 0 or time.sleep(0.1) for _ in range(50))
        without = subprocess.run(["redis-cli", "-p", str(port), "ping"], capture_output=True, text=True)
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # the shell and the server that it has started
        process.wait(10)

    assert well
    assert "NOAUTH" in without.stdout


def test_each_image_is_built_by_one_service(compose, dockerfile):
    """Two that build one image at once may refuse each other."""
    built = [service for service in compose["services"].values() if "build" in service]
    images = [service["image"] for service in compose["services"].values() if service["image"].startswith("imprimatur")]

    assert sorted(service["image"] for service in built) == sorted(set(images))
    for service in built:
        assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
        assert (ROOT / service["build"]["dockerfile"]).exists()
        assert service["build"]["target"] in dockerfile


def test_what_the_compose_file_refers_to_is_there(compose):
    for name, service in compose["services"].items():
        assert set(service.get("secrets", [])) <= set(compose["secrets"]), name
        assert set(service.get("networks", [])) <= set(compose["networks"]), name
        assert set(service.get("depends_on", [])) <= set(compose["services"]), name
        for value in (service.get("environment") or {}).values():
            if str(value).startswith("/run/secrets/"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], name
        for volume in service.get("volumes", []):
            if re.match(r"\$\{[A-Z_]+:\?", volume):  # the operator has to name it
                continue
            source = re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", volume).split(":")[0]
            if source.startswith("./"):
                assert (DEPLOY / source).exists(), volume
            elif not source.startswith("/"):
                assert source in compose["volumes"], volume
        assert service["restart"] == ("no" if name in ("migrate", "tools") else "unless-stopped")
        assert re.fullmatch(r"imprimatur(-tools)?|[a-z]+:[0-9.]+-bookworm", service["image"]), name


def test_the_image_holds_what_it_runs_and_nothing_it_should_not(dockerfile):
    last, tools = dockerfile["site"], dockerfile["tools"]
    copied = [shlex.split(line)[1:-1] for stage in dockerfile.values() for line in stage if line.startswith("COPY ")]
    (health,) = [line for line in last if line.startswith("HEALTHCHECK")]
    words = [
        yaml.safe_load(line[line.index("[") :]) for line in (health, *last) if line.startswith(("HEALTH", "ENTRY"))
    ]
    allowed = {line.lstrip("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert {stage[0].split()[1] for stage in dockerfile.values()} == {"python:3.11-slim-bookworm", "site"}
    assert not re.search(r"\bapt|\bgcc|\bpip\b", " ".join(last))
    assert re.search(r"install --yes --no-install-recommends postgresql-client-15 ", " ".join(tools))
    assert tools[-1] == "USER imprimatur"
    assert last.index("USER imprimatur") < last.index(next(line for line in last if line.startswith("ENTRYPOINT")))
    for command in words:
        assert os.access(ROOT / command[0], os.X_OK), command
    assert (ROOT / ".dockerignore").read_text().splitlines()[0] == "*"
    assert allowed == {
        "articles", "config", "reviews", "templates", "LICENSE", "manage.py", "pyproject.toml",
    }  # fmt: skip
    assert all((ROOT / name).exists() for name in allowed)
    from_here = [name for names in copied for name in names if not name.startswith(("--", "/"))]
    assert from_here == ["config/deploy/requirements.lock", "."]
    for stage in dockerfile.values():
        for line in stage:
            assert not re.match(r"(?:ENV|ARG)\b.*(?:SECRET|PASSWORD|KEY|TOKEN|DATABASE_URL)", line), line
    given = re.findall(r"\b([A-Z_]+)=", " ".join(line for line in last if line.startswith("ENV ")))
    assert set(given) <= known_names() | {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def test_the_image_takes_the_requirements_to_run_and_none_to_test(dockerfile):
    kept = (ROOT / "config" / "deploy" / "requirements.txt").read_text()
    (line,) = [line for line in dockerfile["built"] if "pip install" in line]

    assert line.endswith("--require-hashes --requirement /tmp/requirements.lock")
    assert "Django==" in kept
    assert "redis==" in kept
    assert "psycopg-pool==" in kept
    assert not re.search(r"pytest|playwright|ruff|hypothesis", kept)


def test_the_files_are_gathered_as_in_the_image_without_any_secret_at_hand(dockerfile, tmp_path):
    """They are gathered where nothing is but what `.dockerignore` lets through."""
    (line,) = [line for line in dockerfile["built"] if "collectstatic" in line]
    command = line.removeprefix("RUN ").replace("/venv/bin/python", sys.executable)
    site, static = tmp_path / "site", tmp_path / "static"
    site.mkdir()
    for name in re.findall(r"^!(.+)", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, site / name)

    done = subprocess.run(
        ["bash", "-euc", command.replace("/srv/static", str(static))],
        cwd=site, env=bare(), capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert list(static.glob("site.*.css.br"))


def test_a_command_of_manage_is_given_the_secrets_of_its_container(tmp_path):
    given = {"DATABASE_URL": "postgres://app:one@db/site", "OWNER_DATABASE_URL": "postgres://owner:two@db/site"}
    for name, value in {**given, "SECRET_KEY": "s" * 50}.items():
        (tmp_path / name).write_text(f"{value}\n")
    names = {f"{path.name}_FILE": str(path) for path in tmp_path.iterdir()}
    asked = (
        "import os; from django.conf import settings; "
        "print(settings.DATABASES['default']['USER'], settings.DATABASE_ROLE, os.getenv('OWNER_DATABASE_URL'))"
    )

    done = subprocess.run(
        [DEPLOY / "start", "--manage", "shell", "--no-imports", "--command", asked],
        env=bare() | names | {"LEDGER_KEY_FILE": "/nonexistent", "PYTHON": sys.executable},
        capture_output=True, text=True,
    )  # fmt: skip

    assert (done.stdout, done.returncode) == ("app app None\n", 0), done.stderr


@pytest.mark.parametrize("name", ["migrate", "restore"])
def test_what_makes_tables_is_done_as_their_owner(name):
    given = {"DATABASE_URL": "the application's", "OWNER_DATABASE_URL": "the owner's"}
    environment_of = start_module().environment_of

    assert name in get_commands()
    assert environment_of(name, given) == {"DATABASE_URL": "the owner's"}
    assert environment_of("backup", given) == {"DATABASE_URL": "the application's"}


@pytest.mark.parametrize("words", [["--manage"], ["web", "--manage", "check"]], ids=" ".join)
def test_a_command_of_manage_has_a_name_and_runs_alone(words):
    done = subprocess.run([DEPLOY / "start", *words], env=bare(), capture_output=True, text=True)

    assert done.returncode == 2
    assert "--manage takes a command of manage.py" in done.stderr


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_is_there(path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text())
    tables = start_module()

    if path.suffix == ".timer":
        template, at, command = unit["Timer"]["Unit"].removesuffix(".service").partition("@")
        assert path.with_name(f"{template}{at}.service").exists()
        assert not at or command in get_commands()
    else:
        program, *words = shlex.split(unit["Service"]["ExecStart"])
        assert unit["Service"]["WorkingDirectory"] == "/srv/imprimatur"
        if program.endswith("/start"):
            assert (ROOT / program.removeprefix("/srv/imprimatur/")).resolve() == DEPLOY / "start"
            assert set(words) <= set(tables.STEPS) | set(tables.PROCESSES)
        else:
            assert (program, words[0]) == ("/srv/imprimatur/.venv/bin/python", "manage.py")
            assert words[1:] == ["%i"] or words[1] in get_commands()
        reads_owner = "EnvironmentFile=/etc/imprimatur/owner" in path.read_text()
        assert reads_owner == (path.name == "imprimatur-migrate.service")
        assert (unit["Service"]["User"] == "imprimatur-owner") == reads_owner


def test_the_site_is_reloaded_without_being_stopped():
    unit = (DEPLOY / "systemd" / "imprimatur.service").read_text()

    assert "ExecReload=/bin/kill -HUP $MAINPID" in unit
    assert "systemctl reload imprimatur" in (DEPLOY / "README.md").read_text()


def test_the_example_of_an_environment_is_understood(tmp_path):
    example = tmp_path / "environment"
    example.write_text((DEPLOY / "environment.example").read_text())
    example.chmod(0o600)

    found = start_module().read(example)

    assert found["BEHIND_PROXY"] == "1"
    assert found["SECRET_KEY"] == ""
    assert set(found) <= known_names()


def test_the_operators_page_names_every_file():
    page = (DEPLOY / "README.md").read_text()
    for path in DEPLOY.iterdir():
        assert path.name in page or path.name == "__pycache__", path.name


def rows_of_who_can_do_what() -> dict[str, str]:
    """Return the rows of the operator's table of what the ledger protects against, by who."""
    page = (DEPLOY / "README.md").read_text()
    table = page.split("## What the ledger protects against, and what it does not")[1].split("\n\n")[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {who: f"{can}: {shown}" for who, can, shown in rows}


def test_the_operators_page_says_what_shows_who_has_the_cache_and_what_shows_nothing():
    rows = rows_of_who_can_do_what()

    cache = rows["who has the cache, Redis or the proxy's"]
    assert "a keyed digest" in cache
    assert "`imprimatur.security`" in cache
    assert "`verify_pages --url`" in cache
    assert "`verify_pages`" in rows["who has the cache and `SECRET_KEY`"]
    assert rows["who has the database, the key and every copy of the checkpoints"] == "write another history: nothing"


def test_the_readme_names_the_limits_that_remain():
    readme = " ".join((ROOT / "README.md").read_text().split())

    said = readme.split("The ledger does not protect against")[1].split("## ")[0]

    assert "the database, the key and every copy of the checkpoints" in said
    assert "a false statement by an authorised person" in said
    assert "until then only triggers protect it" in said
    assert "`verify_ledger` runs each day" in said


def test_the_first_article_of_a_new_site_is_its_policy_and_no_step_of_the_first_day_comes_after_it():
    page = (DEPLOY / "README.md").read_text().split("### The first day")[1].split("###")[0]

    *before, last = re.split(r"^\d\. ", page, flags=re.MULTILINE)[1:]

    assert last.startswith("The editorial policy, the first article:")
    assert "to none before" in " ".join(last.split())
    assert not any("article" in step for step in before)
