import pytest
from django.db import ProgrammingError, transaction

from crm.shops.audit import record
from crm.shops.enums import Act, Role
from crm.shops.models import AccountEntry, AuditEntry
from crm.shops.services import issue_api_key
from crm.tenancy.door import tenant
from tests.factories import make_member

pytestmark = pytest.mark.django_db

PAGE = "/shops/otonari/settings/done/"


def test_an_entry_says_who_did_what_about_what(shop, owner):
    key, _text = issue_api_key(shop=shop, name="kintone")
    with tenant(shop):
        record(Act.CUSTOMER_ERASED, shop=shop, by=owner, about="customer:42")
        record(Act.FILE_IMPORTED, shop=shop, by=key, rows=3)
        record(Act.SHOP_CHANGED, shop=shop, by=None)

        told = [(e.actor_id, e.actor_name, e.about) for e in AuditEntry.objects.order_by("id")]

    assert told == [(owner.pk, owner.email, "customer:42"), (None, str(key), ""), (None, "", "")]


@pytest.mark.parametrize("change", [lambda rows: rows.update(act="x"), lambda rows: rows.delete()])
def test_nobody_rewrites_what_was_written_down(shop, owner, change):
    with tenant(shop):
        record(Act.SHOP_CHANGED, shop=shop, by=owner)
    AccountEntry.objects.create(act="signed_in")

    with pytest.raises(ProgrammingError, match="permission denied"), tenant(shop):
        change(AuditEntry.objects.all())
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        change(AccountEntry.objects.all())


def test_an_entry_is_kept_only_with_what_it_tells_of(shop, owner):
    def fail_after():
        with tenant(shop):
            record(Act.SHOP_CHANGED, shop=shop, by=owner)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after()

    with tenant(shop):
        assert not AuditEntry.objects.exists()


def test_the_page_tells_it_in_words(shop, owner, client):
    with tenant(shop):
        record(
            Act.ROLE_CHANGED, shop=shop, by=owner, about="a@b.example", was="staff", role="owner"
        )
        record(Act.SHOP_CHANGED, shop=shop, by=owner, fields=["keeper_name", "gone"])
        record(Act.FILE_IMPORTED, shop=shop, by=owner, rows=3)
    client.force_login(owner)

    html = client.get(f"{PAGE}?lang=en").content.decode()

    for words in (
        "Role changed",
        "Staff → Owner",
        "name of the person who writes, gone",
        "rows: 3",
    ):
        assert words in html
    assert html.index("File imported") < html.index("Role changed")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_few_questions_however_long(
    number, shop, owner, client, django_assert_num_queries
):
    with tenant(shop):
        for _ in range(number):
            record(Act.SHOP_CHANGED, shop=shop, by=owner)
    client.force_login(owner)
    client.get(PAGE)

    with django_assert_num_queries(8):
        client.get(PAGE)


def test_a_stranger_at_a_shops_door_is_written_down(shop, other_shop, client):
    stranger = make_member(other_shop, Role.OWNER)
    client.force_login(stranger)

    for path in ("/shops/otonari/today/", "/shops/nowhere/today/"):
        assert client.get(path).status_code == 404

    entries = AccountEntry.objects.filter(user_id=stranger.pk, act="refused").order_by("id")
    assert [entry.about for entry in entries] == ["otonari", "nowhere"]
