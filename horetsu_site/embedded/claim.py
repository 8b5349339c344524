"""Who runs the servers of a home, and who else is using them.

Both are kernel locks on files, never pid files: they end with the process,
however it ends.
"""

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self


class Claim:
    """The right to run a home's servers. One process has it, and tells the others about itself."""

    def __init__(self, file: int, earlier: dict[str, Any]) -> None:
        self._file = file
        self._facts: dict[str, Any] = {}
        self.earlier = earlier  # what a process that could not release it had told

    @classmethod
    def take(cls, root: Path, *, what: str) -> Self | None:
        """The claim, or None while another process has it."""
        file = os.open(root / "claim", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        claim = cls(file, holder(root))
        claim.tell(what=what, pid=os.getpid(), since=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
        return claim

    def tell(self, **facts: Any) -> None:
        """Let others read more about us, such as the address we answer at."""
        self._facts |= facts
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, json.dumps(self._facts).encode(), 0)

    def release(self) -> None:
        os.ftruncate(self._file, 0)
        os.close(self._file)


def holder(root: Path) -> dict[str, Any]:
    """What the process with the claim last told about itself; empty where nothing is known yet."""
    try:
        return json.loads((root / "claim").read_bytes())
    except (FileNotFoundError, ValueError):  # a reader may meet the moment of writing
        return {}


@contextmanager
def using(root: Path) -> Iterator[int]:
    """Keep the servers up that another command started only for itself.

    Yields the lock's file descriptor, for a program we become to inherit.
    """
    file = os.open(root / "users", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield file
    finally:
        os.close(file)


@contextmanager
def all_done(root: Path) -> Iterator[None]:
    """Wait until nobody uses the servers; until the block is left, nobody begins to."""
    with (root / "users").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another script/manage uses the database; waiting for it.", file=sys.stderr)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
