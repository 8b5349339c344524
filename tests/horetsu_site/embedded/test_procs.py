import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from horetsu_site.embedded import procs

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@contextmanager
def stranger(*argv: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is none of ours, as far as the code under test knows."""
    process = subprocess.Popen([*SLEEP, *argv])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_child_dies_with_its_parent_even_when_that_is_killed(tmp_path: Path) -> None:
    code = f"""
import time
from horetsu_site.embedded import procs
print(procs.spawn({SLEEP!r}).pid, flush=True)
time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout
    with parent.stdout as output:
        child = procs.identity(int(output.readline()))
    assert child

    parent.kill()
    parent.wait()

    wait_until_gone(child)


def test_a_child_that_ignores_the_request_is_killed_when_patience_ends() -> None:
    ignoring = (
        "import signal, time; signal.signal(15, signal.SIG_IGN);print(flush=True); time.sleep(600)"
    )
    child = procs.spawn([sys.executable, "-c", ignoring], stdout=subprocess.PIPE)
    assert child.stdout
    with child.stdout as output:
        output.readline()

    procs.end(child, patience=0.1)

    assert child.returncode == -signal.SIGKILL


def test_killing_takes_the_grandchildren_along() -> None:
    code = f"""
import subprocess, time
print(subprocess.Popen({SLEEP!r}).pid, flush=True)
time.sleep(600)
"""
    child = procs.spawn([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert child.stdout
    with child.stdout as output:
        grandchild = procs.identity(int(output.readline()))
    assert grandchild

    procs.kill(child)

    wait_until_gone(grandchild)


def test_the_orphan_that_uses_our_folder_is_ended(tmp_path: Path) -> None:
    pid_file = tmp_path / "server.pid"

    with stranger("--dir", str(tmp_path)) as orphan:
        pid_file.write_text(f"{orphan.pid}\n{tmp_path}\n")
        procs.end_orphan(pid_file, mentions=tmp_path, by=signal.SIGTERM)

        assert orphan.wait() == -signal.SIGTERM
    assert not pid_file.exists()


def test_a_process_that_only_got_the_old_pid_is_left_alone(tmp_path: Path) -> None:
    pid_file = tmp_path / "server.pid"

    with stranger("--dir", "/elsewhere") as innocent:
        pid_file.write_text(str(innocent.pid))
        procs.end_orphan(pid_file, mentions=tmp_path, by=signal.SIGINT)

        assert innocent.poll() is None
    assert not pid_file.exists()


@pytest.mark.parametrize("content", ["", "\n", "no number", "99999999"])
def test_a_pid_file_that_leads_nowhere_is_removed(tmp_path: Path, content: str) -> None:
    pid_file = tmp_path / "server.pid"
    pid_file.write_text(content)

    procs.end_orphan(pid_file, mentions=tmp_path, by=signal.SIGINT)

    assert not pid_file.exists()


def test_a_process_of_another_time_with_the_same_pid_is_not_ended() -> None:
    with stranger() as process:
        procs.end_stranger(f"{process.pid} some-other-time")

        assert process.poll() is None


def test_a_zombie_has_ended() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # ended, and nobody was told

    assert procs.identity(process.pid) is None

    process.wait()


def test_a_large_log_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    path.write_bytes(b"old\n" * 4_000_000)

    with procs.open_log(path) as log:
        log.write(b"new\n")

    assert path.read_bytes() == b"new\n"
    assert (tmp_path / "web.1.log").stat().st_size == 16_000_000


def test_a_log_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "web.log"

    for line in (b"first\n", b"second\n"):
        with procs.open_log(path) as log:
            log.write(line)

    assert procs.last_words(path) == "first\nsecond"


def wait_until_gone(who: procs.Identity) -> None:
    deadline = time.monotonic() + 30
    while procs.identity(int(who.split()[0])) == who:
        assert time.monotonic() < deadline, f"{who} still runs"
        time.sleep(0.01)
