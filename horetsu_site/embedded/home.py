"""The data folder of one installation: what lies where."""

import hashlib
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Self

REPOSITORY = Path(__file__).resolve().parents[2]

# Linux allows 107 bytes for a socket's path, macOS 103; a Japanese character takes three.
_LONGEST_SOCKET_PATH = 100
_LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432")


class Home:
    """The folder `HORETSU_HOME` (default `var/` in the repository) and the places in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.postgres = root / "postgres"
        self.valkey = root / "valkey"
        self.logs = root / "logs"
        self.mailbox = root / "mailbox"

    @classmethod
    def from_environment(cls) -> Self:
        named = os.environ.get("HORETSU_HOME")
        return cls(Path(named).expanduser().resolve() if named else REPOSITORY / "var")

    def make(self) -> None:
        """Make the folders; private, because whoever reaches the sockets is trusted."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.logs.mkdir(mode=0o700, exist_ok=True)
        for part in ("cur", "new", "tmp"):  # which make a folder a Maildir
            (self.mailbox / part).mkdir(mode=0o700, parents=True, exist_ok=True)

    def sockets(self) -> Path:
        """A private folder for sockets: below the home, or in /tmp where that path is too long."""
        below = self.root / "run"
        if len(os.fsencode(below)) + _LONGEST_SOCKET_NAME <= _LONGEST_SOCKET_PATH:
            return _private(below)
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return _private(Path(f"/tmp/horetsu-{os.geteuid()}-{name}"))

    def secret_key(self) -> str:
        """This installation's SECRET_KEY, made once: links in mails already sent depend on it."""
        path = self.root / "secret_key"
        if not path.exists():
            draft = self.root / f"secret_key.{os.getpid()}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            with suppress(FileExistsError):  # another start was first, and its key is as good
                path.hardlink_to(draft)  # whole or not at all
            draft.unlink()
        return path.read_text()


def _private(folder: Path) -> Path:
    """The folder, made if missing; refused when somebody else could have put it there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise RuntimeError(f"{folder} is not ours: remove it, or set a shorter HORETSU_HOME.")
    folder.chmod(0o700)
    return folder
