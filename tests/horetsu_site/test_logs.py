"""Logs tell what happened, and nothing of anybody."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from crm.mail.tokens import Recipient, unsubscribe_token
from crm.shops.models import Shop
from crm.shops.services import issue_api_key
from horetsu_site import logs
from horetsu_site.logs import JsonLines, Plain, mask
from surveys.tokens import Link, answer_token

TOKENS = [
    answer_token(Link(1, 23, "abcdefghijklmnop")),
    unsubscribe_token(Recipient(1, 23)),
]


@pytest.fixture
def lines() -> Iterator[Any]:
    """What the site writes down while the test runs, as production would."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    journal, root = logging.getLogger("horetsu.request"), logging.getLogger()
    level = journal.level
    journal.setLevel(logging.INFO)  # by its method, which forgets what was enabled before
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    journal.setLevel(level)


def formatted(formatter: logging.Formatter, message: str, *args: Any, error: Any = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    return formatter.format(
        logging.LogRecord("crm", logging.ERROR, "crm/x.py", 1, message, args, info)
    )


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("path", ["/a/{}/", "GET /u/{}?lang=ja", "see {} there", "'{}',"])
def test_no_token_is_written_down(token: str, path: str) -> None:
    assert token.split(".")[1] not in mask(path.format(token))


@pytest.mark.parametrize("letter", ["a", "あ", "9", "@", "-", "9-", "a@"])
def test_an_endless_word_is_read_once(letter: str) -> None:
    """What is asked for costs hours with a search that begins anew at each of its letters."""
    mask(letter * 1_000_000)


@pytest.mark.django_db
def test_no_key_to_the_api_is_written_down(shop: Shop) -> None:
    _row, key = issue_api_key(shop=shop, name="test")

    assert mask(f"Bearer {key}") == "Bearer ***"


@pytest.mark.parametrize(
    "text",
    [
        "to <kayo@example.com>", "kayo+tea@例え.jp", "{'kayo@example.com': (550, b'x')}",
        "to=kayo@example.com", "@@kayo@example.com",
    ],
)  # fmt: skip
def test_no_address_is_written_down(text: str) -> None:
    assert "kayo" not in mask(text)
    assert "***@***" in mask(text)


def test_ids_and_numbers_stay_readable() -> None:
    assert (
        mask("send:1204 failed (attempt 3) in 12.5 s") == "send:1204 failed (attempt 3) in 12.5 s"
    )


def test_a_line_is_one_line_whatever_stands_in_it() -> None:
    line = formatted(JsonLines(), 'two\nlines and a "quote" %s', "と漢字")

    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == 'two\nlines and a "quote" と漢字'


def test_an_error_is_told_by_kind_and_place_and_not_in_its_words() -> None:
    try:
        try:
            raise KeyError("山口 佳代")
        except KeyError as error:
            raise ValueError("kayo@example.com wrote 佳代") from error
    except ValueError as error:
        line = formatted(JsonLines(), "It failed", error=error)

    told = json.loads(line)["error"]
    assert told[0] == "builtins.KeyError"
    assert "builtins.ValueError" in told
    assert "test_logs.py" in told[-1]
    assert "佳代" not in line


def test_what_a_server_says_of_itself_is_told() -> None:
    line = formatted(
        JsonLines(), "It failed", error=OperationalError("no route to host, a@b.example")
    )

    assert json.loads(line)["error"] == [
        "django.db.utils.OperationalError: no route to host, ***@***"
    ]


def test_at_ones_own_machine_the_whole_error_is_there_masked() -> None:
    line = formatted(Plain(), "It failed", error=ValueError("kayo@example.com wrote 佳代"))

    assert "***@*** wrote 佳代" in line


@pytest.mark.django_db
def test_a_page_is_named_by_its_pattern_and_its_request_by_an_id(
    shop: Shop, client: Client, lines: Any
) -> None:
    token = unsubscribe_token(Recipient(shop.pk, 1))

    answer = client.get(f"/u/{token}/?q=kayo", headers={"X-Request-ID": "proxy-12345678"})

    (line,) = [line for line in lines() if line["logger"] == "horetsu.request"]
    assert answer.headers["X-Request-ID"] == "proxy-12345678"
    assert line.pop("milliseconds") > 0
    assert line | {"at": ""} == {
        "at": "",
        "level": "info",
        "logger": "horetsu.request",
        "message": "answered",
        "request": "proxy-12345678",
        "method": "GET",
        "page": "unsubscribe",
        "status": 200,
        "shop": shop.pk,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "short", "x" * 65, 'a"b{}\r\n12345678', "日本語の名前です"])
def test_a_request_without_a_fit_id_gets_one(client: Client, given: str) -> None:
    name = client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]

    assert len(name) == 32
    assert name.isalnum()


@pytest.mark.django_db
def test_a_crash_page_names_the_request_that_the_logs_tell_of(
    client: Client, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any) -> None:
        raise ValueError("山口 佳代")

    monkeypatch.setattr("horetsu_site.health.JsonResponse", crash)
    client.raise_request_exception = False

    page = client.get("/healthz", headers={"X-Request-ID": "proxy-12345678"})

    assert page.status_code == 500
    assert "proxy-12345678" in page.content.decode()
    crashes = [line for line in lines() if line["level"] == "error"]
    assert [line["request"] for line in crashes] == ["proxy-12345678"]
    assert "builtins.ValueError" in crashes[0]["error"]
    assert "佳代" not in json.dumps(lines(), ensure_ascii=False)


def test_production_writes_json_and_a_local_start_plain_lines() -> None:
    for as_json, formatter in ((True, "JsonLines"), (False, "Plain")):
        assert logs.config(as_json=as_json)["formatters"]["line"]["()"].endswith(formatter)
