"""`script/manage`: one of Django's commands, with the local servers there for it.

The servers that `script/server` runs are used when they are up; otherwise they
are started for the time of the command, and stop with the last one using them.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

from . import claim, servers
from .home import REPOSITORY, Home

_MANAGE = [sys.executable, str(REPOSITORY / "manage.py")]
_PREPARE = [sys.executable, "-m", "horetsu_site.prepare", "texts", "tables"]
# Commands about the tables themselves; before any other the tables are brought up to date.
_ABOUT_TABLES = {"check", "help", "makemigrations", "migrate", "showmigrations", "sqlmigrate"}
_PATIENCE = 120  # seconds for another process to get its servers up


def main(arguments: list[str]) -> int:
    """Run `manage.py` with these arguments; gives its exit code."""
    home = Home.from_environment()
    home.make()
    os.environ.setdefault("STATEMENT_TIMEOUT", "0")  # a person waits for it, who can stop it
    with claim.using(home.root) as users:
        ours = _take_or_wait(home, what=" ".join(["script/manage", *arguments[:1]]))
        if ours is None:
            os.set_inheritable(users, True)  # the command we become keeps the servers up
            theirs = claim.holder(home.root)["environment"]
            environment = os.environ | servers.base_environment(home) | theirs
            os.execve(_MANAGE[0], [*_MANAGE, *arguments], environment)
    with ExitStack() as afterwards:
        afterwards.callback(ours.release)
        with servers.running(home) as started:
            environment = os.environ | servers.base_environment(home) | started.addresses
            if "postgres" in started.processes and not _ABOUT_TABLES.intersection(arguments[:1]):
                _exit_unless_done(subprocess.run(_PREPARE, env=environment))
            ours.tell(environment=started.addresses, is_ready=True)
            exit_code = _run([*_MANAGE, *arguments], environment)
            afterwards.enter_context(claim.all_done(home.root))  # until the servers have stopped
    return exit_code


def _take_or_wait(home: Home, *, what: str) -> claim.Claim | None:
    """The claim, or None as soon as another process's servers are ready to be used."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        taken = claim.Claim.take(home.root, what=what)
        if taken:
            return taken
        if claim.holder(home.root).get("is_ready"):
            return None
        time.sleep(0.1)
    raise SystemExit(f"The servers of {home.root} do not get ready; see {home.logs}.")


def _exit_unless_done(preparation: subprocess.CompletedProcess[bytes]) -> None:
    if preparation.returncode != 0:
        raise SystemExit("The tables could not be brought up to date, for the reason above.")


def _run(argv: list[str], environment: dict[str, str]) -> int:
    """Run in the foreground of the terminal, which sends its Ctrl-C to the command as well."""
    signal.signal(signal.SIGINT, lambda *_: None)
    command = subprocess.Popen(argv, env=environment)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: command.send_signal(received))
    exit_code = command.wait()
    return exit_code if exit_code >= 0 else 128 - exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
