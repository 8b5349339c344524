"""Child processes that never outlive us, and what to do about those that once did."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
Identity = str
_LARGE_LOG = 10 * 1024**2
_libc = ctypes.CDLL(None, use_errno=True)


def spawn(
    argv: Sequence[str | Path],
    *,
    log: BinaryIO | None = None,
    stdout: int | None = None,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    death_signal: signal.Signals = signal.SIGTERM,
    disguise: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own; the kernel sends it `death_signal` when we die.

    Its own session keeps the terminal's Ctrl-C away from it: we stop our
    children ourselves, in order. Outside Linux there is no death signal.
    """
    parent = os.getpid()

    def before_exec() -> None:
        for each in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(each, signal.SIG_DFL)  # a shell has them ignored in the background
        if disguise:
            disguise()
        if LINUX:  # after any change of user, which would clear it
            _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:  # we died in between, so no signal will come
                os._exit(1)

    return subprocess.Popen(
        [os.fspath(part) for part in argv],
        stdin=subprocess.DEVNULL,
        stdout=log if stdout is None else stdout,
        stderr=log,
        env=env,
        pass_fds=pass_fds,
        start_new_session=True,
        preexec_fn=before_exec,
    )


def end(
    process: subprocess.Popen[bytes],
    *,
    by: signal.Signals = signal.SIGTERM,
    patience: float = 15,
) -> None:
    """Ask a child to stop and wait; after `patience` seconds kill it and its whole group."""
    if process.poll() is None:
        process.send_signal(by)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a child and everything in its group at once."""
    with suppress(ProcessLookupError):  # the whole group is gone already
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def open_log(path: Path) -> BinaryIO:
    """A log to append to; one grown large is put aside first, in place of the one before."""
    if path.exists() and path.stat().st_size > _LARGE_LOG:
        path.replace(path.with_suffix(".1.log"))
    return path.open("ab")


def last_words(log: Path) -> str:
    """The end of a log, to show why its writer ended."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-15:])


def end_orphan(pid_file: Path, *, mentions: Path, by: signal.Signals) -> None:
    """End the server an earlier run left behind, and remove its pid file.

    The caller holds the home's claim, so a live server there is nobody's. A pid
    alone proves nothing, since pids are used again: only a process whose
    arguments mention the path `mentions` is taken for the orphan.
    """
    if not pid_file.exists():
        return
    pid = pid_file.read_text().partition("\n")[0].strip()
    orphan = identity(int(pid)) if pid.isdigit() else None
    if orphan and str(mentions) in _command_line(int(pid)):
        end_stranger(orphan, by=by, patience=60)
    pid_file.unlink(missing_ok=True)


def end_stranger(
    who: Identity, *, by: signal.Signals = signal.SIGTERM, patience: float = 15
) -> None:
    """End a process that is not our child, if it still is who it was; kill it if need be."""
    pid = int(who.split()[0])
    for number in (by, signal.SIGKILL):
        deadline = time.monotonic() + patience
        if identity(pid) == who:
            with suppress(ProcessLookupError):  # it ended just now
                os.kill(pid, number)
        while identity(pid) == who and time.monotonic() < deadline:
            time.sleep(0.05)
        if identity(pid) != who:
            return
    raise RuntimeError(f"Process {pid} was left behind and cannot be ended.")


def identity(pid: int) -> Identity | None:
    """The pid and when its process began, which no other process shares; None when it ended."""
    if LINUX:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        state, began = fields[0], fields[19]
    else:
        state, _, began = _ps("stat=,lstart=", pid).partition(" ")
    return f"{pid} {began.strip()}" if began and not state.startswith("Z") else None


def _command_line(pid: int) -> str:
    """The arguments a process was started with; empty when it has ended."""
    if not LINUX:
        return _ps("command=", pid)
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "))
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _ps(columns: str, pid: int) -> str:
    argv = ["ps", "-ww", "-o", columns, "-p", str(pid)]
    return subprocess.run(argv, capture_output=True, text=True).stdout.strip()
