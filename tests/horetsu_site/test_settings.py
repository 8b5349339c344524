"""The settings of a site of one's own, as `manage.py check --deploy` finds them.

Each test is a process of its own with nothing in its environment but what docs/operate.md asks for.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PRODUCTION = {
    "DATABASE_URL": "postgresql://horetsu_app:secret@127.0.0.1:1/horetsu",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://horetsu:secret@127.0.0.1:1",
    "MAIL_DOMAIN": "horetsu.example",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklm",
    "SUPPRESSION_KEY": "zyxwvutsrqponmlkjihgfedcba-9876543210-zyxwvutsrqponmlkjihg",
    "ALLOWED_HOSTS": "horetsu.example",
    "BASE_URL": "https://horetsu.example",
}


def check(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )


def test_production_as_documented_has_nothing_to_warn_of() -> None:
    done = check(PRODUCTION)

    assert done.returncode == 0, done.stderr


def test_all_that_is_missing_is_named_at_once() -> None:
    done = check({})

    assert done.returncode != 0
    (said,) = re.findall("ImproperlyConfigured: Not set: (.*)[.] docs/operate.md", done.stderr)
    assert set(said.split(", ")) == set(PRODUCTION)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("BASE_URL", "http://horetsu.example"),
        ("DATABASE_URL", "mysql://horetsu.example/horetsu"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("SECRET_KEY", "short"),
    ],
)
def test_what_cannot_be_meant_is_named(name: str, wrong: str) -> None:
    done = check(PRODUCTION | {name: wrong})

    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1] + done.stderr.partition("WARNINGS")[2]


def test_what_must_be_set_is_in_the_operators_table() -> None:
    table = (ROOT / "docs" / "operate.md").read_text("utf-8").partition("## The two")[0]

    assert set(PRODUCTION) <= set(re.findall("`([A-Z_]+)`", table))
