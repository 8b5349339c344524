"""The examples of docs/api.md, tried in the order in which they stand there."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crm.customers.models import Customer
from crm.shops.enums import Scope
from crm.shops.models import Shop
from crm.shops.services import issue_api_key
from crm.tenancy.door import tenant

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
CALLS = re.findall(r"```sh\n(curl .*?)\n```", PAGE, re.DOTALL)


def curl(command: str, *, key: str, client: Client) -> Any:
    """What this command of curl's would do."""
    words = iter(shlex.split(command.replace("\\\n", "").replace("$KEY", key))[1:])
    address, headers, body = next(words).removeprefix("$SITE"), {}, None
    for word in words:
        if word == "-H":
            name, _colon, value = next(words).partition(": ")
            headers[name] = value
        else:
            assert word == "-d"
            body = next(words)
    content_type = headers.pop("Content-Type", "")
    if body is None:
        return client.get(address, headers=headers)
    return client.post(address, body, content_type=content_type, headers=headers)


def test_every_call_of_the_page_does_what_the_page_says(shop: Shop, client: Client) -> None:
    _row, key = issue_api_key(shop=shop, name="docs", scope=Scope.WRITE)
    answers = []

    for command in CALLS:
        with tenant(shop):
            kayo = Customer.objects.first()
        known = command.replace("512", str(kayo.pk)) if kayo else command
        answers.append((command.split('"')[1], curl(known, key=key, client=client)))

    assert [(where.partition("v1/")[2], answer.status_code) for where, answer in answers] == [
        ("customers/", 200),
        ("stages/?customer=512", 200),
        ("purchases/", 201),
        ("purchases/", 200),
        ("customers/", 200),
        ("touchpoints/", 201),
    ]
    assert answers[3][1].json()["status"] == "delivered"
    assert answers[3][1].json()["lines"], "what is left out stays as it is"
    assert answers[4][1].json()["kana"] == "やまぐち かよ"


def test_its_samples_are_json() -> None:
    samples = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)

    assert samples
    for sample in samples:
        json.loads(sample)
