"""`script/server` for real, and what is left of it after each way to end it."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from horetsu_site.embedded.claim import holder

pytestmark = pytest.mark.faults

NAMED_SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL")


class Site:
    """One data folder, and the supervisor that was last started for it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {k: v for k, v in os.environ.items() if k not in NAMED_SERVERS}
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.environment |= {"HORETSU_HOME": str(root), "PORT": str(port)}
        self.url = f"http://127.0.0.1:{port}"

    def start(self, terminal: int = subprocess.DEVNULL) -> None:
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "horetsu_site.up"],
            env=self.environment,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=terminal != subprocess.DEVNULL,
        )
        wait_until(lambda: not self.is_running() or self.is_ready())
        assert self.is_running(), self.log()

    def is_running(self) -> bool:
        return self.supervisor.poll() is None

    def is_ready(self) -> bool:
        facts = holder(self.root)
        return facts.get("pid") == self.supervisor.pid and facts.get("is_ready", False)

    def pages_answer(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    def processes(self) -> dict[int, str]:
        """Every process that has this home in its environment or arguments, by pid."""
        found = {}
        needle = os.fsencode(self.root)
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                argv, environment = (
                    (folder / name).read_bytes() for name in ("cmdline", "environ")
                )
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                continue  # just ended, or none of ours
            if argv and needle in argv + environment:
                found[int(folder.name)] = argv.replace(b"\0", b" ").decode()
        return found

    def pids_of(self, words: str) -> list[int]:
        """The processes with these words among their arguments, the oldest first."""
        return sorted(pid for pid, argv in self.processes().items() if words in argv)

    def log(self) -> str:
        return (self.root / "logs" / "server.log").read_text()


@pytest.fixture(scope="module")
def one_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("faults") / "惚れ通")
    made.start()
    yield made
    made.supervisor.terminate()
    made.supervisor.wait()


@pytest.fixture
def site(one_site: Site) -> Site:
    """A running site: the same for all, started again after each test that ended it."""
    if not one_site.is_running():
        one_site.start()
    return one_site


def wait_until(is_so: Callable[[], object], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(site: Site, how: signal.Signals) -> None:
    site.supervisor.send_signal(how)

    assert site.supervisor.wait() == 0
    assert not site.processes()
    assert "database system is shut down" in (site.root / "logs" / "postgres.log").read_text()
    assert not [path.name for path in (site.root / "run").iterdir()]
    assert not (site.root / "postgres" / "data" / "postmaster.pid").exists()


def test_an_impatient_second_signal_changes_nothing(site: Site) -> None:
    for _ in range(3):
        site.supervisor.send_signal(signal.SIGINT)
        time.sleep(0.1)

    assert site.supervisor.wait() == 0
    assert not site.processes()


def test_a_terminal_that_is_closed_stops_everything(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    site = Site(tmp_path / "home")
    site.start(terminal=theirs)
    os.close(theirs)

    os.close(ours)
    site.supervisor.send_signal(signal.SIGHUP)  # as the kernel does for the controlling one

    assert site.supervisor.wait() == 0
    assert not site.processes()


def test_after_a_kill_nothing_stays_and_the_next_start_finds_all_it_needs(site: Site) -> None:
    site.supervisor.kill()
    site.supervisor.wait()

    wait_until(lambda: not site.processes(), seconds=20)
    site.start()
    assert site.pages_answer()


def test_a_start_right_after_a_kill_waits_for_what_is_still_ending(site: Site) -> None:
    site.supervisor.kill()
    site.supervisor.wait()

    site.start()

    assert site.pages_answer()
    assert f"{site.url}" in site.log()


@pytest.mark.parametrize("server", ["postgres -D", "valkey-server"])
def test_a_server_that_is_killed_takes_the_site_down_and_the_next_start_repairs_it(
    site: Site, server: str
) -> None:
    os.kill(site.pids_of(server)[0], signal.SIGKILL)

    assert site.supervisor.wait() == 1
    assert not site.processes()
    site.start()
    assert site.pages_answer()


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("web", "-m gunicorn"),
        ("worker", "horetsu_site worker"),
        ("beat", "horetsu_site beat"),
        ("mailbox", "-m horetsu_site.embedded.mailbox"),
    ],
)
def test_a_program_that_is_killed_is_started_again(site: Site, name: str, program: str) -> None:
    before = site.pids_of(program)
    os.kill(before[0], signal.SIGKILL)

    wait_until(lambda: f"{name} ended with -9" in site.log())
    wait_until(lambda: set(site.pids_of(program)) - set(before))
    wait_until(site.pages_answer)
    assert not set(site.pids_of(program)) & set(before)
    assert site.is_running()


def test_a_frozen_worker_is_started_again_and_the_heartbeat_returns(site: Site) -> None:
    wait_until(lambda: heartbeat(site) == "ok")
    frozen = site.pids_of("horetsu_site worker")
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    with psycopg.connect(holder(site.root)["environment"]["DATABASE_OWNER_URL"]) as connection:
        connection.execute("UPDATE crm_heartbeat SET at = now() - interval '3 minutes'")

    wait_until(lambda: "The heartbeat stands still" in site.log(), seconds=120)
    wait_until(lambda: heartbeat(site) == "ok")

    assert not set(frozen) & set(site.processes())


def heartbeat(site: Site) -> str:
    try:
        with urllib.request.urlopen(f"{site.url}/readyz", timeout=10) as answer:
            body = answer.read()
    except urllib.error.HTTPError as unready:
        with unready:
            body = unready.read()
    return str(json.loads(body)["heartbeat"])


def test_a_second_start_says_what_runs_and_leaves_it_alone(site: Site) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "horetsu_site.up"],
        env=site.environment,
        capture_output=True,
        text=True,
    )

    assert second.returncode == 1
    assert site.url in second.stderr
    assert f"kill {site.supervisor.pid}" in second.stderr
    assert site.pages_answer()


def manage(site: Site, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "horetsu_site.embedded.command", *arguments],
        env=site.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


COUNT_SHOPS = "from crm.shops.models import Shop; print(Shop.objects.count() >= 0)"


def test_a_command_uses_the_servers_that_run(site: Site) -> None:
    said, complaint = manage(site, "shell", "-v0", "-c", COUNT_SHOPS).communicate()

    assert said == "True\n", complaint
    assert site.pages_answer()


def test_a_command_alone_starts_the_servers_and_leaves_none_running(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")

    command = manage(site, "shell", "-v0", "-c", COUNT_SHOPS)
    said, complaint = command.communicate()

    assert (command.returncode, said) == (0, "True\n"), complaint
    assert not site.processes()


def test_two_commands_at_once_share_servers_which_stop_with_the_last(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")
    wait_for_input = f"{COUNT_SHOPS}; input()"
    first = manage(site, "shell", "-v0", "-c", wait_for_input)
    assert first.stdout
    assert first.stdout.readline() == "True\n"
    second = manage(site, "shell", "-v0", "-c", wait_for_input)
    assert second.stdout
    assert second.stdout.readline() == "True\n"

    assert first.stdin
    first.stdin.write("\n")
    first.stdin.flush()
    assert first.stderr
    assert "waiting for it" in first.stderr.readline()
    assert first.poll() is None
    second.communicate("\n")
    first.communicate()

    assert (first.returncode, second.returncode) == (0, 0)
    assert not site.processes()


def test_the_exit_code_of_a_command_is_kept(tmp_path: Path) -> None:
    command = manage(Site(tmp_path / "home"), "shell", "-v0", "-c", "raise SystemExit(7)")
    command.communicate()

    assert command.returncode == 7
