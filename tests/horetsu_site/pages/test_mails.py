import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.guard.enums import Reason
from crm.mail.enums import MailState, Purpose
from crm.mail.models import Mail, MailContent
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer

pytestmark = pytest.mark.django_db

MAILS = "/shops/otonari/mail/"


@pytest.fixture(autouse=True)
def owner_is_here(client, shop, owner):
    client.force_login(owner)


def make_mail(shop, **kwargs):
    customer = make_customer(shop, name="山口 佳代")
    mail = Mail.objects.create(
        shop=shop,
        customer=customer,
        to_address=customer.email,
        purpose=Purpose.EVALUATION,
        due_at=NOON,
        expires_at=NOON,
        dedup_key=str(customer.pk),
        **kwargs,
    )
    MailContent.objects.create(
        shop=shop, mail=mail, language="ja", subject="その後、いかがでしょうか", text="himitsu"
    )
    return mail


def test_a_mail_is_listed_with_its_state_and_the_reason_it_waits(client, shop):
    with tenant(shop):
        mail = make_mail(shop, state=MailState.DUE, reason=Reason.DISTANCE)

    html = client.get(MAILS, headers={"Accept-Language": "ja"}).content.decode()

    assert f"/shops/otonari/customers/{mail.customer_id}/" in html
    assert "山口 佳代さま" in html
    assert "その後、いかがでしょうか" in html
    assert '<span class="tag">今は待つ</span>' in html
    assert "2026年5月10日" in html


def test_what_a_mail_says_is_not_read_for_the_list(client, shop):
    with tenant(shop):
        make_mail(shop)

    with CaptureQueriesContext(connection) as asked:
        client.get(MAILS)

    assert '"crm_mailcontent"."text"' not in str(asked.captured_queries)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_few_questions_however_long(
    number, client, shop, django_assert_num_queries
):
    with tenant(shop):
        for _ in range(number):
            make_mail(shop)

    client.get(MAILS)  # the first page of a session notes that it is in use
    # session, user, membership; four for the shop's transaction; the mails
    with django_assert_num_queries(8):
        client.get(MAILS)
