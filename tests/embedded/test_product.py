"""`./run` as a whole: it comes up, stays up, refuses politely, and leaves nothing behind."""

import contextlib
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from tests.embedded.checkouts import Checkout, Running

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Iterator[Checkout]:
    """One for the whole file: its first start makes the tables, the later ones take seconds."""
    checkout = Checkout(tmp_path_factory.mktemp("a product") / "checkout")
    yield checkout
    checkout.clean_up()


@pytest.fixture
def product(checkout: Checkout) -> Running:
    """Up; the one that a test before has left, if it has left one."""
    if not (checkout.running and checkout.running.is_up):
        start(checkout)
    assert checkout.running
    return checkout.running


@pytest.fixture
def idle(checkout: Checkout) -> Checkout:
    """The same checkout while nothing runs in it."""
    checkout.kill_everything()
    assert checkout.is_silent_within(30)
    return checkout


def start(checkout: Checkout) -> None:
    """Returns when it has said that it is up."""
    product = checkout.start_product()
    product.address = re.search(r"http://\S+", product.read_until("http://")).group()
    product.read_until("Ctrl-C stops everything")
    checkout.running = product


# While it runs


def test_it_answers_at_the_address_it_prints(product):
    with urllib.request.urlopen(f"{product.address}healthz", timeout=20) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("name", ["web", "worker"])
def test_its_mails_lead_to_the_address_it_prints(product, name):
    assert child(product, name).environ()["SMARKETING_SITE_URL"] == product.address


def test_a_second_start_is_refused_with_the_address_of_the_first(checkout, product):
    refused = checkout.start_product()

    words = refused.read_to_end()
    assert refused.process.returncode == 1
    assert "Already running in this checkout" in words
    assert product.address in words


@pytest.mark.parametrize("name", ["web", "worker", "beat", "sweeper"])
def test_a_process_that_dies_is_started_again(checkout, product, name):
    victim = child(product, name)

    victim.kill()

    assert name in product.read_until("starting it again")
    assert comes_back(product, name, other_than=victim)


def test_an_engine_that_dies_is_started_again(checkout, product):
    child(product, "postgres").kill()
    product.read_until("PostgreSQL ended")

    def remembers() -> bool:
        with contextlib.suppress(psycopg2.OperationalError):
            checkout.remember("still here")
            return True
        return False

    assert comes_true(remembers)


def test_manage_uses_the_engines_that_run(checkout, product):
    before = child(product, "postgres")

    assert "no issues" in checkout.manage("check", "--database", "default")

    assert child(product, "postgres") == before


# The tables


def test_a_start_leaves_alone_tables_that_are_those_of_the_code(idle):
    start(idle)
    idle.running.signal(signal.SIGINT)
    migrated = idle.root / "var" / "log" / "manage.log"
    migrated.unlink(missing_ok=True)

    start(idle)

    assert not migrated.exists()


def test_a_start_makes_the_tables_of_a_new_migration(idle):
    release_with_one_migration_more(idle)

    start(idle)

    with idle.session() as session, session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM of_newer_code")
        assert cursor.fetchone() == (0,)


def test_in_doubt_the_tables_are_looked_at(checkout, product):
    assert tables_are_up_to_date(checkout)

    for doubt in (newer_packages, a_note_cut_short, tables_that_somebody_changed):
        with doubt(checkout):
            assert not tables_are_up_to_date(checkout), doubt.__name__

    assert tables_are_up_to_date(checkout)


# When it ends


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP], ids=["Ctrl-C", "closed terminal"])
def test_asked_to_stop_it_leaves_no_process(checkout, product, how):
    ended_with = product.signal(how)

    assert ended_with == 0
    assert checkout.processes() == []
    assert "Stopping" in product.read_to_end()


def test_killed_it_leaves_no_process(checkout, product):
    product.signal(signal.SIGKILL)

    assert checkout.is_silent_within(30)


def test_terminated_while_starting_it_leaves_no_process(idle):
    starting = idle.start_product()
    starting.read_until("engines")

    starting.signal(signal.SIGTERM)

    assert idle.is_silent_within(1)


def test_a_second_start_is_a_matter_of_seconds(idle):
    """Seconds of computing: by the clock it depends on what else the machine does."""
    if not (idle.root / "var" / "first-start").exists():
        start(idle)
        idle.running.signal(signal.SIGINT)

    start(idle)

    # about three seconds for each process that reads the whole product; the sweeper is one more than there used to be
    assert sum(sum(process.cpu_times()[:4]) for process in idle.processes()) < 30


# While nothing runs


def test_a_port_that_is_taken_is_refused_with_a_proposal(idle):
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]

        refused = idle.start_product("--port", str(port))

        assert f"Port {port} is taken. Choose another: ./run --port {port + 1}" in refused.read_to_end()
    assert idle.processes() == []


def test_manage_brings_engines_along_when_none_run(idle):
    assert "no issues" in idle.manage("check", "--database", "default")

    assert idle.processes() == []


def test_a_command_keeps_its_engines_for_another_one(idle):
    wait = "import time, django.db; print('first is in', flush=True); time.sleep(1)"
    ask = "import time; time.sleep(3); from django.contrib.auth import get_user_model as model; print(model().objects.count())"
    first = idle.start_manage("shell", "--command", wait)
    first.read_until("first is in")

    second = idle.start_manage("shell", "--command", ask)

    assert second.read_to_end().strip().endswith("0")
    assert first.process.wait(20) == 0
    assert idle.processes() == []


def test_an_administrator_can_be_made_without_a_browser(idle):
    made = idle.manage("createsuperuser", "--no-input", "--email", "ada@example.com")

    assert "created successfully" in made


MIGRATION = """from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("leads", "{latest}")]
    operations = [migrations.RunSQL("CREATE TABLE of_newer_code ()")]
"""


def release_with_one_migration_more(checkout: Checkout) -> None:
    migrations = checkout.root / "leads" / "migrations"
    latest = max(path.stem for path in migrations.glob("0*.py"))
    (migrations / "9999_of_newer_code.py").write_text(MIGRATION.format(latest=latest))


def tables_are_up_to_date(checkout: Checkout) -> bool:
    answer = checkout.python_says("from smarketing.embedded import tables; print(tables.are_up_to_date())")
    return {"True": True, "False": False}[answer]


@contextlib.contextmanager
def changed(file: Path, text: str) -> Iterator[None]:
    before = file.read_text()
    file.write_text(text)
    yield
    file.write_text(before)


def newer_packages(checkout: Checkout) -> contextlib.AbstractContextManager[None]:
    file = next((checkout.root / "requirements").glob("*.txt"))
    return changed(file, f"{file.read_text()}# one more\n")


def a_note_cut_short(checkout: Checkout) -> contextlib.AbstractContextManager[None]:
    return changed(checkout.root / "var" / "tables.json", '{"code":')


@contextlib.contextmanager
def tables_that_somebody_changed(checkout: Checkout) -> Iterator[None]:
    """As after a backup was put back: another release has been there."""
    with checkout.session() as session, session.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('x', '0001', now())")
        session.commit()
        yield
        cursor.execute("DELETE FROM django_migrations WHERE app = 'x'")
        session.commit()


def child(product: Running, name: str) -> psutil.Process | None:
    """The one with this word among those it was started with."""
    words = {"web": "gunicorn"}.get(name, name)
    for process in psutil.Process(product.process.pid).children():
        with contextlib.suppress(psutil.Error):
            if process.name() == name or words in process.cmdline():
                return process
    return None


def comes_back(product: Running, name: str, *, other_than: psutil.Process) -> bool:
    return comes_true(lambda: (found := child(product, name)) and found.pid != other_than.pid)


def comes_true(question: Callable[[], object], *, within: float = 20) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.1)
    return False
