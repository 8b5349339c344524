"""The parts of a site as processes of the test's own, each to be killed and frozen by itself.

Everything lives in one folder and on its sockets, under production's settings of
PostgreSQL; only what was started here is ever ended.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from celery import Celery
from django.core.management import call_command
from django.db import connections

from horetsu_site import programs
from horetsu_site.embedded import procs
from horetsu_site.embedded.postgres import APP_ROLE, DATABASE, OWNER_ROLE, Postgres
from horetsu_site.embedded.valkey import Valkey
from horetsu_site.programs import Program

ROOT = Path(__file__).resolve().parent.parent.parent

# In the place of the site's own: the same, with what these tests add.
OURS = {
    "--app=horetsu_site": "--app=tests.faults.app",
    "horetsu_site.wsgi": "tests.faults.wsgi",
}

# Where work leaves a trace of each of its runs. Nothing is unique here, so that whatever
# is done twice is seen twice.
TRACES = f"""
    CREATE TABLE fault_trace (
        id bigint GENERATED ALWAYS AS IDENTITY, kind text, ref bigint, pid int, seen int
    );
    GRANT SELECT, INSERT ON fault_trace TO {APP_ROLE};
"""


class Engine:
    """PostgreSQL, Valkey, and the programs that were started on them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.postgres = Postgres(root / "postgres", sockets=root, log=root / "postgres.log")
        self.valkey = Valkey(root / "valkey", sockets=root, log=root / "valkey.log")
        self.programs: list[subprocess.Popen[bytes]] = []
        # So that the tests ring the bell of these workers, not of their own.
        self.celery = Celery("faults", set_as_current=False)
        self.celery.config_from_object("django.conf:settings", namespace="CELERY")
        self.celery.conf.broker_url = f"redis+socket://{self.valkey.socket}?virtual_host=0"

    def start(self) -> None:
        self.root.mkdir(mode=0o700)
        self.postgres.start()
        self.valkey.start()
        with self.connected():
            call_command("migrate", database="owner", verbosity=0)
        with self.as_owner() as connection:
            connection.execute(TRACES)

    def stop(self) -> None:
        self.end_programs()
        self.valkey.stop()
        self.postgres.stop()

    def reset(self) -> None:
        """Nothing is known, nothing is queued."""
        if self.valkey.process is None or self.valkey.process.poll() is not None:
            self.valkey.start()
        self.flush_broker()
        keep = {"django_migrations", "django_content_type", "auth_permission"}
        with self.as_owner() as connection:
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname='public'")
            tables = ", ".join(f'"{name}"' for (name,) in found if name not in keep)
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Django's connections lead to this engine's database inside the block."""
        before = {}
        for connection, role in [
            (connections["default"], APP_ROLE),
            (connections["owner"], OWNER_ROLE),
        ]:
            connection.close()
            before[connection] = dict(connection.settings_dict)
            connection.settings_dict.update(
                HOST=str(self.root), PORT="", USER=role, PASSWORD="", NAME=DATABASE
            )
        yield
        for connection, settings in before.items():
            connection.close()
            connection.settings_dict.update(settings)

    def as_owner(self) -> psycopg.Connection:
        return psycopg.connect(self.postgres.url(OWNER_ROLE), autocommit=True)

    def as_app(self) -> psycopg.Connection:
        return psycopg.connect(self.postgres.url(), autocommit=True)

    def flush_broker(self) -> None:
        with self.celery.connection_for_write() as connection:
            connection.default_channel.client.flushall()

    # -- programs ------------------------------------------------------------------------

    def start_worker(self, *, breaking: str = "", **environment: str) -> subprocess.Popen[bytes]:
        """The site's worker in a hurry (app.py); `breaking` names a promise it does not keep."""
        # A plain SIGTERM then waits for what is being done, and no longer.
        environment |= {"HORETSU_BREAKING": breaking, "REMAP_SIGTERM": ""}
        return self._start(programs.worker(), environment)

    def start_beat(self) -> subprocess.Popen[bytes]:
        return self._start(programs.beat(), {})

    def start_web(self, listener: socket.socket, *, breaking: str = "") -> subprocess.Popen[bytes]:
        """The site's pages (wsgi.py), on a socket that is open already."""
        return self._start(programs.web(listener.fileno()), {"HORETSU_BREAKING": breaking})

    def kill(self, program: subprocess.Popen[bytes]) -> None:
        """End it and its children at once, by SIGKILL."""
        procs.kill(program)
        self.programs.remove(program)

    def end(self, program: subprocess.Popen[bytes]) -> None:
        """Let it finish what it is doing, and end."""
        procs.end(program, patience=30)
        self.programs.remove(program)

    def end_programs(self) -> None:
        for program in list(self.programs):
            self.kill(program)

    def crash_postgres(self) -> None:
        """End the database and all its children by SIGKILL at once, and let it recover.

        What was in its memory only is lost; nothing is written any more.
        """
        process = self.postgres.process
        assert process
        os.kill(process.pid, signal.SIGSTOP)  # it neither sees its children die nor makes more
        for pid in [*children_of(process.pid), process.pid]:
            os.kill(pid, signal.SIGKILL)
        process.wait()
        self.postgres.start()
        for connection in connections.all(initialized_only=True):
            connection.close()  # ours were cut off too

    def log(self) -> str:
        """What all programs said so far."""
        path = self.root / "programs.log"
        return path.read_text() if path.exists() else ""

    def _start(self, program: Program, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        argv = [OURS.get(word, word) for word in program.argv]
        addresses = {
            "DATABASE_URL": self.postgres.url(),
            "REDIS_URL": self.valkey.url,
            "EMAIL_URL": "smtp://127.0.0.1:1",  # nobody there: no mail leaves these tests
        }
        with (self.root / "programs.log").open("ab") as log:
            started = procs.spawn(
                argv,
                log=log,
                env={**os.environ, **addresses, **program.environment, **environment},
                pass_fds=program.inherits,
                death_signal=signal.SIGKILL,
            )
        self.programs.append(started)
        return started


def children_of(pid: int) -> list[int]:
    return [
        int(child)
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]


def is_frozen(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def wait_until(is_so: Callable[[], object], *, seconds: float = 90) -> None:
    """Return once it is so. The time is a bound for a broken run, never a measure."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain")
        time.sleep(0.02)
