"""docker-compose.yml, Dockerfile and .env.example belong together and to the settings."""

import re
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from smarketing.embedded import places

ROOT = places.ROOT
BUILT_FROM_SOURCE = ["migrate", "web", "worker", "beat", "sweeper"]


@cache
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def services() -> dict:
    return compose()["services"]


def variables_in(text: str) -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", text))


def variables_of_example() -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def variables_of_settings() -> set[str]:
    settings = (ROOT / "smarketing" / "settings.py").read_text()
    return set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", settings)) | {"SMARKETING_VAR"}


def test_it_is_valid():
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            "docker-compose.yml",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert checked.returncode == 0, checked.stdout


def test_every_part_of_the_product_is_there():
    assert set(services()) == {"postgres", "redis", "migrate", "web", "worker", "beat", "sweeper", "proxy"}


def test_every_variable_is_explained():
    used = variables_in((ROOT / "docker-compose.yml").read_text())

    assert used - variables_of_example() == set()
    assert variables_of_settings() - variables_of_example() == set()


def test_nothing_is_explained_that_nobody_reads():
    read = variables_in((ROOT / "docker-compose.yml").read_text()) | variables_of_settings()

    assert variables_of_example() - read == set()


def test_every_explained_variable_has_a_sentence_or_a_section():
    lines = (ROOT / ".env.example").read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"(# )?[A-Z_]+=", line):
            before = next(each for each in reversed(lines[:number]) if not re.match(r"(# )?[A-Z_]+=", each))
            assert before.startswith("# ") or before == "", line


def test_what_the_containers_get_the_settings_read():
    for name in BUILT_FROM_SOURCE:
        given = {each for each in services()[name]["environment"] if each != "REMAP_SIGTERM"}
        assert given <= variables_of_settings(), name


@pytest.mark.parametrize("secret", ["SMARKETING_SECRET_KEY", "POSTGRES_PASSWORD", "EMAIL_URL"])
def test_a_secret_is_required_and_never_written_down(secret):
    text = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / ".env.example").read_text()

    assert set(re.findall(rf"\$\{{{secret}([^}}]*)\}}", text)) == {":?set it in .env"}
    assert f"\n{secret}=\n" in example


@pytest.mark.parametrize("name", BUILT_FROM_SOURCE)
def test_every_command_exists(name):
    program, *words = services()[name]["command"]

    assert program == "python"
    if words[0] == "-m":
        assert find_spec(words[1])
    else:
        assert (ROOT / words[0]).is_file()


def test_gunicorn_understands_every_option():
    words = [re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word) for word in services()["web"]["command"]]

    checked = subprocess.run(
        [sys.executable, *words[1:], "--check-config"], cwd=ROOT, capture_output=True, text=True
    )

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", ["postgres", "redis", "web", "worker", "beat", "sweeper", "proxy"])
def test_everything_that_stays_up_is_asked_for_its_health(name):
    assert services()[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "sweeper"])
def test_nothing_starts_before_the_tables_are_right(name):
    assert services()[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_sweeper_waits_for_the_database_and_for_nothing_else():
    """It is there for when Redis is not."""
    assert set(services()["sweeper"]["depends_on"]) == {"migrate", "postgres"}


@pytest.mark.parametrize("name", ["web", "worker"])
def test_web_and_worker_can_be_scaled(name):
    service = services()[name]

    assert "replicas" in service["deploy"]
    assert "container_name" not in service
    assert "ports" not in service


def test_only_the_proxy_is_reachable_from_outside():
    assert [name for name, service in services().items() if "ports" in service] == ["proxy"]


@pytest.mark.parametrize("name", BUILT_FROM_SOURCE)
def test_the_product_runs_without_rights_it_does_not_need(name):
    service = services()[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert re.search(r"^USER (?!root)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_redis_keeps_tasks_and_throws_none_away():
    command = services()["redis"]["command"]

    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_the_embedded_and_the_real_postgresql_sort_alike():
    assert (
        "--locale-provider=builtin --builtin-locale=C.UTF-8"
        in services()["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    )


def test_every_file_a_container_needs_goes_into_the_image():
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    assert "deploy/ask_web.py" in " ".join(services()["web"]["healthcheck"]["test"])
    for place in let_in:
        assert list(ROOT.glob(place)), place
    assert {"smarketing", "leads", "handoff", "sla", "dashboard", "templates", "static"} <= set(let_in)
    assert not any(Path(place).name.startswith(".") for place in let_in)


def test_a_volume_that_is_used_is_named():
    used = {
        volume.split(":")[0]
        for service in services().values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }

    assert used == set(compose()["volumes"])
