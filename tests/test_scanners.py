"""Mail scanners open every link of a mail, again and again, from many addresses at once.

Whatever they open, no row of any table may change: an answer and a wish to stop are a
person's press.
"""

import hashlib
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from crm.ledger.models import Touchpoint
from crm.mail.models import Mail
from crm.mail.tokens import unsubscribe_url
from crm.tenancy.door import tenant
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import invite
from surveys.models import SurveyVersion
from surveys.services import begin_survey
from tests.factories import make_customer, make_purchase

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

TIMES = 50
SCANNERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
    "Barracuda Sentinel",
    "GoogleImageProxy",
    "",
)
LOGS = ("crm_heartbeat",)  # written by the beat, whoever opens what


def test_fifty_openings_of_every_link_in_a_mail_change_no_row(shop):
    now = timezone.now()
    with tenant(shop):
        survey = begin_survey(shop=shop, kind=SurveyKind.ORDER, at=now)
        purchase = make_purchase(make_customer(shop), ordered_at=now - timedelta(hours=1))
        invite(
            version=SurveyVersion.objects.get(survey=survey),
            occasion=Occasion.EXPECTATION,
            purchase=purchase,
            shop=shop,
            now=now,
        )
        mail = Mail.objects.select_related("content", "customer").get()
        links = {
            *re.findall(r'href="([^"]+)"', mail.content.html),
            *re.findall(r"https?://\S+", mail.content.text),
            unsubscribe_url(mail.customer),
        }
    pages = sorted(urlsplit(link)._replace(scheme="", netloc="").geturl() for link in links)
    before = _hash_of_everything()

    for number in range(TIMES):
        client = Client(headers={"user-agent": SCANNERS[number % len(SCANNERS)]})
        for page in pages:
            assert client.get(page).status_code == 200
            assert client.head(page).status_code == 200

    assert len(pages) >= 13, "eleven numbers, the page itself, and the way to stop"
    assert _hash_of_everything() == before
    with tenant(shop):
        assert not Touchpoint.objects.exists()


def _hash_of_everything() -> str:
    digest = hashlib.sha256()
    with connections["owner"].cursor() as cursor:
        for table in connections["owner"].introspection.table_names(cursor):
            if table not in LOGS:
                cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608
                digest.update(repr((table, cursor.fetchall())).encode())
    return digest.hexdigest()
