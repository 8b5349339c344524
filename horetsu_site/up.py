"""`script/server`: the whole site on one machine, started in order and stopped in reverse.

First PostgreSQL and Valkey, unless the environment names others; then texts,
static files, tables and the demo shop; then mailbox, pages, worker and beat.

- Ctrl-C, SIGTERM or a closed terminal stop everything in reverse order.
- After a SIGKILL nothing stays behind: the kernel tells every child.
- A server that ends takes the site down. A program (mailbox, pages, worker,
  beat) that ends is started again, up to five times a minute.
- Worker and beat are started again when they live but do nothing, which shows
  in the heartbeat that `/readyz` reports.
"""

import http.client
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

from horetsu_site import programs
from horetsu_site.embedded import claim, procs, servers
from horetsu_site.embedded.home import Home

log = logging.getLogger("horetsu")

_PORTS = range(8000, 8020)  # the first free one, unless PORT says which
_MOST_RESTARTS = 5  # a minute; more is no accident
_WATCH_EVERY = 20.0  # seconds; longer than the 15 between two heartbeats
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked us to stop; the message says how."""


class Fallen(Exception):
    """Something the site cannot do without has ended; the message shows what and why."""


def main() -> int:
    home = Home.from_environment()
    home.make()
    _log_to(home.logs / "server.log")
    _stop_on_signals()
    exit_code = 1
    with ExitStack() as stack:
        try:
            _run(home, stack)
        except Stopped as how:
            log.info("Stopping (%s).", how)
            exit_code = 0
        except (Fallen, RuntimeError, OSError) as reason:
            _ignore_signals()
            log.error("Stopping, because of this: %s", reason)
    log.info("Everything has stopped.")
    return exit_code


def _run(home: Home, stack: ExitStack) -> NoReturn:
    """Start everything, leave on `stack` how each is stopped, and watch until something ends."""
    mine = _take_claim(home)
    stack.callback(mine.release)
    _end_left_behind(mine)
    listener = stack.enter_context(_listen())
    port = listener.getsockname()[1]

    log.info("Starting the database and the broker.")
    started = stack.enter_context(servers.running(home))
    addresses = started.addresses | {"PORT": str(port)}
    addresses["BASE_URL"] = os.environ.get("BASE_URL", f"http://127.0.0.1:{port}")
    wanted = [programs.web(listener.fileno()), programs.worker(), programs.beat()]
    if "EMAIL_URL" not in os.environ:
        post_box = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        addresses["EMAIL_URL"] = f"smtp://127.0.0.1:{post_box.getsockname()[1]}"
        wanted.insert(0, programs.mailbox(post_box.fileno(), home.mailbox))
    environment = os.environ | servers.base_environment(home) | addresses

    steps = ["texts", "pages", "tables", "welcome"]
    if "postgres" in started.processes:  # nobody else's database is given a demo shop
        steps.insert(-1, "demo")
    log.info("Preparing %s.", ", ".join(steps[:-1]))
    welcome = _prepare(steps, home.logs / "prepare.log", environment)

    keepers = [Keeper(program, home.logs, environment) for program in wanted]
    for keeper in keepers:
        stack.callback(keeper.stop)
    site = Site(home.logs, mine, started.processes, keepers)
    site.look_after(may_restart=False)
    watch = Watch(port)
    while not watch.page_answers():
        site.look_after(may_restart=False)
    mine.tell(environment=addresses, is_ready=True)
    log.info("\n%s\nLogs lie in %s. Ctrl-C stops everything.", welcome, home.logs)
    while True:
        site.look_after(may_restart=True)
        if watch.finds_a_hang():
            log.warning("The heartbeat stands still: starting the worker and beat again.")
            site.restart("worker", "beat")


class Site:
    """All that runs here."""

    def __init__(
        self,
        logs: Path,
        mine: claim.Claim,
        processes: Mapping[str, subprocess.Popen[bytes]],
        keepers: Sequence["Keeper"],
    ) -> None:
        self.logs = logs
        self.mine = mine
        self.processes = processes
        self.keepers = keepers

    def look_after(self, *, may_restart: bool) -> None:
        """Start what should run and does not; Fallen when that is not ours to mend."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise Fallen(f"{name} ended.\n{procs.last_words(self.logs / f'{name}.log')}")
        if [keeper for keeper in self.keepers if keeper.check(may_restart=may_restart)]:
            self.mine.tell(children=[keeper.identity() for keeper in self.keepers])
        _bury_strangers([*self.processes.values(), *(each.process for each in self.keepers)])
        time.sleep(0.2)

    def restart(self, *names: str) -> None:
        for keeper in self.keepers:
            if keeper.program.name in names:
                keeper.stop()  # and the next look starts it


class Keeper:
    """One program, started again when it ends."""

    def __init__(
        self, program: programs.Program, logs: Path, environment: Mapping[str, str]
    ) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self.environment = {**environment, **program.environment}
        self.process: subprocess.Popen[bytes] | None = None
        self.start_at = 0.0  # on the monotonic clock
        self.ends: list[float] = []  # those of the last minute

    def check(self, *, may_restart: bool) -> bool:
        """Start the program when it is not running and its time has come; True when started.

        Fallen when it ended and may not start again, or did so too often.
        """
        if self.process and self.process.poll() is not None:
            procs.kill(self.process)  # what is left of its group, which may hold on to the port
            if not may_restart:
                raise Fallen(f"{self.program.name} ended.\n{procs.last_words(self.log)}")
            self._put_off(self.process.returncode)
            self.process = None
        if self.process or time.monotonic() < self.start_at:
            return False
        with procs.open_log(self.log) as output:
            self.process = procs.spawn(
                self.program.argv,
                log=output,
                env=self.environment,
                pass_fds=self.program.inherits,
                death_signal=self.program.death_signal,
            )
        return True

    def stop(self) -> None:
        """End the program in order. The next `check` would start it again."""
        if self.process:
            procs.end(self.process, patience=self.program.patience)
            self.process = None

    def identity(self) -> procs.Identity | None:
        return procs.identity(self.process.pid) if self.process else None

    def _put_off(self, exit_code: int) -> None:
        """Begin again a little later each time; Fallen when that did not help."""
        now = time.monotonic()
        self.ends = [*(end for end in self.ends if end > now - 60), now]
        how = f"{self.program.name} ended with {exit_code}, see {self.log}"
        if len(self.ends) > _MOST_RESTARTS:
            raise Fallen(f"{how}. It was started again {_MOST_RESTARTS} times within a minute.")
        delay = 2.0 ** (len(self.ends) - 2)
        log.warning("%s. Starting it again in %g s.", how, delay)
        self.start_at = now + delay


class Watch:
    """Asks the site itself how it is."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.look_at = time.monotonic() + _WATCH_EVERY
        self.bad_looks = 0

    def page_answers(self) -> bool:
        return bool(self._ask("/healthz"))

    def finds_a_hang(self) -> bool:
        """True when two looks in a row found no fresh heartbeat."""
        if time.monotonic() < self.look_at:
            return False
        self.look_at = time.monotonic() + _WATCH_EVERY
        is_bad = self._ask("/readyz").get("heartbeat") in {"stale", "none yet"}
        self.bad_looks = self.bad_looks + 1 if is_bad else 0
        if self.bad_looks < 2:
            return False
        self.bad_looks = 0
        return True

    def _ask(self, path: str) -> dict[str, str]:
        """The page's JSON; empty when it does not answer, which others look after."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer: dict[str, str] = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return {}
        finally:
            connection.close()
        return answer


def _take_claim(home: Home) -> claim.Claim:
    """The home for us alone; SystemExit with an explanation when a site already runs there."""
    has_said = False
    while True:
        mine = claim.Claim.take(home.root, what="script/server")
        if mine:
            return mine
        other = claim.holder(home.root)
        if other.get("what") == "script/server":
            address = other.get("environment", {}).get("BASE_URL", "still starting")
            raise SystemExit(
                f"A site already runs in {home.root}: {address}, process {other['pid']}, "
                f"since {other['since']}.\n"
                f"Stop it with Ctrl-C there or `kill {other['pid']}`; for a second site "
                "beside it, set HORETSU_HOME to another folder."
            )
        if other and not has_said:
            log.info("Waiting for %s, process %s, to end.", other["what"], other["pid"])
            has_said = True
        time.sleep(0.2)


def _end_left_behind(mine: claim.Claim) -> None:
    """End what a supervisor that was killed left running, where the kernel did not."""
    for identity in mine.earlier.get("children", []):
        if identity:
            procs.end_stranger(identity)


def _listen() -> socket.socket:
    """The pages' socket, on loopback. It is ours, so requests wait while the pages restart."""
    chosen = os.environ.get("PORT")
    if chosen and not (chosen.isdecimal() and int(chosen) < 2**16):
        raise Fallen(f"PORT must be a number up to 65535, not {chosen!r}.")
    for port in [int(chosen)] if chosen else _PORTS:
        try:
            return socket.create_server(("127.0.0.1", port), backlog=256)
        except OSError as error:
            log.info("Port %s: %s.", port, os.strerror(error.errno or 0))
    raise Fallen("No port to listen on. PORT chooses another one.")


def _prepare(steps: Sequence[str], log_file: Path, environment: Mapping[str, str]) -> str:
    """Do what comes before the first page, in one process; what it says to the person there."""
    argv = [sys.executable, "-m", "horetsu_site.prepare", *steps]
    with procs.open_log(log_file) as errors:
        process = procs.spawn(argv, stdout=subprocess.PIPE, log=errors, env=environment)
    try:
        said, _ = process.communicate()
    finally:
        procs.end(process)
    if process.returncode != 0:
        raise Fallen(f"The preparation failed:\n{procs.last_words(log_file)}")
    return said.decode().strip()


def _bury_strangers(ours: Iterable[subprocess.Popen[bytes] | None]) -> None:
    """As process 1 of a container we are given orphans, and they stay zombies until waited for."""
    if os.getpid() != 1:
        return
    known = {process.pid for process in ours if process}
    while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        if ended.si_pid in known:
            return  # its keeper asks how it ended; the next round goes on
        os.waitpid(ended.si_pid, 0)


def _stop_on_signals() -> None:
    """Turn a signal into `Stopped`."""

    def stop(number: int, frame: FrameType | None) -> None:
        _ignore_signals()
        raise Stopped(signal.Signals(number).name)

    for each in _STOP_SIGNALS:
        if each != signal.SIGHUP or signal.getsignal(each) is not signal.SIG_IGN:  # as by nohup
            signal.signal(each, stop)


def _ignore_signals() -> None:
    """Once the site is stopping, an impatient second Ctrl-C must not cut that short."""
    for each in _STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)


def _log_to(path: Path) -> None:
    """Say everything on the terminal and in a file. Logging survives a terminal that is gone."""
    to_file = logging.FileHandler(path)
    to_file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logging.basicConfig(
        level=logging.INFO,
        format="%(message)s",
        handlers=[logging.StreamHandler(sys.stdout), to_file],
    )


def _let_go_of_terminal() -> None:
    """Where the terminal is gone, Python would end with an error for the words it still holds."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    ended = main()
    _let_go_of_terminal()
    sys.exit(ended)
