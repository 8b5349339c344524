"""`script/test`: the checks of the code, then the tests, by two processes.

Everything given on the command line goes to pytest. A check that fails does not
hide the tests: it is named again in their summary and in the exit code.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHECKS = {
    "ruff check": ["ruff", "check", "--quiet"],
    "ruff format": ["ruff", "format", "--check", "--quiet"],
    "mypy": ["mypy", "--no-error-summary"],
}

# mypy's plugin reads the settings, which name servers; it connects to none.
NO_SERVERS = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "HORETSU_LOCAL": "1",
    "SECRET_KEY": "for reading the settings only",
}


def main(arguments: list[str]) -> int:
    failed = [name for name, argv in CHECKS.items() if not _passes(name, argv)]
    pytest = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments]
    environment = os.environ | {"HORETSU_FAILED_CHECKS": ", ".join(failed)}
    tested = subprocess.run(pytest, cwd=ROOT, env=environment)
    return tested.returncode or bool(failed)


def _passes(name: str, argv: list[str]) -> bool:
    print(f"{name} …", flush=True)
    checked = subprocess.run(
        [sys.executable, "-m", *argv], cwd=ROOT, env=NO_SERVERS | dict(os.environ)
    )
    return checked.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
