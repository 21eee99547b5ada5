"""The embedded engines, wherever and by whomever they are started, and after every kind of end."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.embedded.checkouts import become

pytestmark = pytest.mark.engines

NOBODY = 65534

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.mark.parametrize("place", ["a place with spaces", 'it\'s "quoted" & odd; $HOME, %s', "ün/ï/cödé"])
def test_they_start_in_any_path(make_checkout, place):
    checkout = make_checkout(place)

    checkout.start_engines()

    checkout.remember("here")
    assert checkout.memory() == ["here"]


def test_they_start_in_a_home_closed_to_others(make_checkout, tmp_path):
    checkout = make_checkout("home/me/checkout")
    (tmp_path / "home" / "me").chmod(0o700)

    checkout.start_engines()

    checkout.remember("here")
    assert checkout.memory() == ["here"]
    assert (tmp_path / "home" / "me").stat().st_mode & 0o777 == 0o700


@only_root
def test_root_runs_postgresql_as_somebody_else(checkout):
    checkout.start_engines()

    assert checkout.users()["postgres"].isdisjoint({0})


def let_others_pass(directory):
    for parent in (directory, *directory.parents):
        if parent.owner() == "root" and not parent.stat().st_mode & 0o001:
            parent.chmod(0o711)


@only_root
def test_an_ordinary_user_starts_them(make_checkout, python_for_nobody, tmp_path):
    let_others_pass(tmp_path)
    checkout = make_checkout(python=python_for_nobody, user=NOBODY)

    checkout.start_engines()

    checkout.remember("mine")
    assert checkout.memory() == ["mine"]
    assert all(users == {NOBODY} for users in checkout.users().values())


@only_root
def test_files_that_another_user_left_are_pointed_out(make_checkout, python_for_nobody, tmp_path):
    let_others_pass(tmp_path)
    checkout = make_checkout(python=python_for_nobody, user=NOBODY)
    checkout.start_engines()
    (checkout.root / "var" / "engines.users").touch()  # root's: he ran ./run manage here

    told = checkout.manage("check")

    assert "engines.users belongs to another user" in told
    assert "sudo chown -R" in told
    assert "Traceback" not in told


def test_two_checkouts_run_at_once_and_know_nothing_of_each_other(make_checkout):
    left, right = make_checkout("left"), make_checkout("right")

    left.start_engines()
    right.start_engines()

    left.remember("left")
    right.remember("right")
    assert (left.memory(), right.memory()) == (["left"], ["right"])


def test_what_was_committed_survives_the_death_of_everything(checkout):
    checkout.start_engines()
    for word in ("first", "last"):
        checkout.remember(word)

    checkout.kill_everything()

    assert checkout.is_silent_within(10)
    checkout.start_engines()
    assert checkout.memory() == ["first", "last"]


def test_nothing_is_left_when_the_parent_is_killed(checkout):
    parent = checkout.start_engines()

    parent.signal(signal.SIGKILL)

    assert checkout.is_silent_within(10)


def test_they_start_again_while_the_killed_ones_are_still_ending(checkout):
    checkout.start_engines().signal(signal.SIGKILL)

    checkout.start_engines()

    checkout.remember("again")
    assert checkout.memory() == ["again"]


def test_processes_that_outlived_their_parent_are_ended_before_the_next_start(checkout):
    parent = checkout.start_engines()
    checkout.remember("before")
    frozen = [process for process in checkout.processes() if process.pid != parent.process.pid]
    for process in frozen:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.suspend()  # it cannot heed the signal of its parent's death
    parent.signal(signal.SIGKILL)

    checkout.start_engines()

    assert checkout.memory() == ["before"]
    assert not set(frozen) & set(checkout.processes())


def test_a_strangers_process_named_in_old_files_is_left_alone(checkout):
    checkout.start_engines()
    checkout.kill_everything()
    assert checkout.is_silent_within(10)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    old_note = checkout.root / "var" / "postgres" / "postmaster.pid"
    lines = old_note.read_text().splitlines()
    old_note.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

    checkout.start_engines()

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_cluster_half_made_is_made_again(checkout):
    unfinished = checkout.root / "var" / "postgres.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    checkout.start_engines()

    assert not unfinished.exists()


def test_a_redis_that_cannot_read_its_file_starts_empty_and_keeps_the_file(checkout):
    damaged = checkout.root / "var" / "redis" / "appendonly.aof"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("this is not an append-only file\n" * 100)

    checkout.start_engines()

    assert list((checkout.root / "var").glob("redis.unreadable-*/appendonly.aof"))


def test_somebody_elses_directory_in_the_place_of_the_sockets_is_refused(checkout):
    checkout.sockets.symlink_to("/tmp")

    with pytest.raises(AssertionError, match="belongs to somebody else"):
        checkout.start_engines()

    checkout.sockets.unlink()


def test_a_second_start_is_refused_and_says_who_holds_the_first(checkout):
    first = checkout.start_engines()

    with pytest.raises(AssertionError, match=rf"Already running .*process {first.process.pid}"):
        checkout.start_engines()


def test_the_sockets_are_for_their_owner_alone(checkout):
    checkout.start_engines()

    assert checkout.sockets.stat().st_mode & 0o777 == 0o700


@pytest.fixture(scope="session")
def python_for_nobody(tmp_path_factory):
    """Our interpreter if nobody can reach it, else one with a copy of our packages."""
    if (
        subprocess.run(
            [*become(NOBODY), sys.executable, "-c", "import psycopg2"], capture_output=True
        ).returncode
        == 0
    ):
        return sys.executable
    venv = Path(sys.prefix)
    copy = tmp_path_factory.mktemp("python") / "venv"
    shutil.copytree(venv, copy, symlinks=True, copy_function=os.link)
    return str(copy / "bin" / "python")
