"""The script a newcomer starts: what it says, when it sets up, how it spreads the tests."""

import json
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from smarketing.embedded import places
from tests import checks


@pytest.fixture
def run():
    loader = SourceFileLoader("run_script", str(places.ROOT / "run"))
    script = module_from_spec(spec_from_loader("run_script", loader))
    loader.exec_module(script)
    return script


@pytest.fixture
def installs(run, tmp_path, monkeypatch) -> list[str]:
    """A set-up in an empty place, which notes what it would install."""
    installed: list[str] = []
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "STAMP", tmp_path / "requirements.json")
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "create_environment", lambda: None)
    monkeypatch.setattr(run, "install", lambda lock: installed.append(lock.stem))
    return installed


def say(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "run", *words], cwd=places.ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_names_every_command(run, word):
    told = say(word)

    assert told.returncode == 0
    for command in set(run.COMMANDS) - {"serve"}:
        assert f"./run {command}" in told.stdout


def test_an_unknown_command_is_answered_with_the_known_ones():
    told = say("sereve")

    assert told.returncode == 1
    assert told.stderr.startswith("There is no command sereve.")
    assert "./run test" in told.stderr


def test_it_needs_nothing_but_the_standard_library():
    asked = "import runpy, sys; sys.argv = ['run', 'help']; runpy.run_path('run', run_name='__main__')"

    isolated = subprocess.run([sys.executable, "-I", "-S", "-c", asked], cwd=places.ROOT, capture_output=True)

    assert isolated.returncode == 0, isolated.stderr


def test_packages_are_installed_once(run, installs):
    run.set_up("local")
    run.set_up("local")

    assert installs == ["local"]


def test_a_changed_lock_is_installed(run, installs, tmp_path, monkeypatch):
    lock = tmp_path / "local.txt"
    lock.write_text("django==5.2.1")
    monkeypatch.setitem(run.LOCKS, "local", lock)
    run.set_up("local")

    lock.write_text("django==5.2.2")
    run.set_up("local")

    assert installs == ["local", "local"]


def test_the_developers_tools_stay_when_the_product_is_started(run, installs):
    run.set_up("dev")
    run.set_up("local")

    assert installs == ["dev"]


def test_an_interrupted_set_up_is_done_again(run, installs, monkeypatch):
    def fails(lock):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "install", fails)
        with pytest.raises(KeyboardInterrupt):
            run.set_up("local")

    run.set_up("local")
    assert installs == ["local"]
    assert json.loads(run.STAMP.read_text())["packages"] == "local"


def test_a_newer_lock_does_not_take_the_tools_away(run, installs, tmp_path, monkeypatch):
    lock = tmp_path / "dev.txt"
    lock.write_text("ruff==1")
    monkeypatch.setitem(run.LOCKS, "dev", lock)
    run.set_up("dev")

    lock.write_text("ruff==2")
    run.set_up("local")

    assert installs == ["dev", "dev"]


@pytest.mark.parametrize(
    ("words", "spread"),
    [
        ([], True),
        (["-x"], True),
        (["tests"], True),
        (["tests/embedded/test_engines.py"], False),
        (["tests/embedded/test_engines.py::test_they_start_in_any_path"], False),
        (["tests/embedded"], False),
        (["-n4"], False),
        (["--pdb"], False),
    ],
)
def test_many_test_files_get_two_processes(run, words, spread):
    assert (run.spread_over_processes(words)[:2] == ["-n", "2"]) is spread
    assert run.spread_over_processes(words)[-len(words) or None :] == words or not words


def test_an_unknown_check_is_answered_with_the_known_ones(capsys):
    assert checks.main(["spelling"]) == 2

    told = capsys.readouterr().err
    assert "There is no check spelling" in told
    assert "migrations" in told


def test_a_failed_check_shows_what_it_found_and_fails_the_whole(monkeypatch, capsys):
    bad = checks.Check("bad", ["-c", "print('this is why'); raise SystemExit(1)"])
    good = checks.Check("good", ["-c", ""])
    monkeypatch.setattr(checks, "CHECKS", [bad, good])

    assert checks.main([]) == 1

    said = capsys.readouterr()
    assert "this is why" in said.out
    assert "good" in said.out  # it ran although the one before had failed
    assert "Failed: bad." in said.err


def test_when_all_checks_are_well_it_says_so(monkeypatch, capsys):
    monkeypatch.setattr(checks, "CHECKS", [checks.Check("good", ["-c", ""])])

    assert checks.main([]) == 0

    assert "All checks passed." in capsys.readouterr().out
