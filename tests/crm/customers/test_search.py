from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection

from crm.customers.models import CustomerIdentity
from crm.customers.search import found_customers
from crm.tenancy.door import tenant
from tests.factories import make_customer, make_purchase

pytestmark = pytest.mark.django_db


@pytest.fixture
def kayo(shop):
    with tenant(shop):
        kayo = make_customer(
            shop, name="山口 佳代", kana="ヤマグチ　カヨ", email="K.Yama@example.jp"
        )
        make_purchase(kayo, external_id="#1001")
        CustomerIdentity.objects.create(shop=shop, customer=kayo, source="eccube", external_id="77")
        make_customer(shop, name="小林 直人", kana="こばやし なおと", email="naoto@example.com")
        return kayo


@pytest.mark.parametrize(
    "words",
    [
        "山口", "佳代", "山口佳代", "山口　佳代", "口 佳", "山口\n",
        "やまぐち", "ヤマグチ", "ﾔﾏｸﾞﾁ", "ぐちか",
        "k.yama", "kyama", "ＫＹＡＭＡ", "ma@", "ma@example.jp", "ma@ex",
        "山", "や", "k",  # what begins with a single character
        "#1001", "1001", "＃１００１", "77",
    ],
)  # fmt: skip
def test_a_person_is_found_by_any_part_of_what_a_shop_has_at_hand(shop, kayo, words):
    with tenant(shop):
        assert found_customers(shop.pk, words) == [kayo.pk]


@pytest.mark.parametrize(
    "words",
    ["佳世", "代山", "代", "100", "7", "%", "山%", "_", "' OR true --", "。", "\\",
     "@", "@example.jp", "ma@example.com", "example.jp"],
)  # fmt: skip
def test_nobody_is_found_by_what_they_have_not(shop, kayo, words):
    """Nor by the domain alone, which half of all people share."""
    with tenant(shop):
        assert found_customers(shop.pk, words) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("髙橋 一郎", "高橋"),
        ("高橋 一郎", "髙橋"),
        ("山﨑 誠", "山崎"),
        ("齋藤 翔", "斉藤"),
        ("渡邉 さくら", "渡辺"),
        ("𠮷田 茂", "吉田"),
        ("O’Brien", "obrien"),
        ("Jean-Luc Picard", "jean luc"),
    ],
)
def test_a_name_is_found_however_it_is_written(shop, name, words):
    with tenant(shop):
        person = make_customer(shop, name=name)

        assert found_customers(shop.pk, words) == [person.pk]


def test_two_parts_of_a_name_are_not_joined_to_a_third(shop):
    with tenant(shop):
        make_customer(shop, name="山田", kana="やまだ", email="")

        assert found_customers(shop.pk, "田や") == []


def test_who_is_gone_is_not_found(shop, kayo):
    with tenant(shop):
        make_customer(shop, name="山口 一", merged_into=kayo)
        make_customer(shop, name="山口 二", erased_at=datetime(2026, 5, 10, tzinfo=UTC))

        assert found_customers(shop.pk, "山口") == [kayo.pk]


def test_a_corrected_name_is_found_at_once_and_the_old_one_no_more(shop, kayo):
    with tenant(shop):
        kayo.name = "大山 佳代"
        kayo.save()

        assert found_customers(shop.pk, "大山") == [kayo.pk]
        assert found_customers(shop.pk, "山口") == []


def test_no_more_are_found_than_one_looks_through(shop):
    with tenant(shop):
        for number in range(5):
            make_customer(shop, name=f"鈴木 {number}")

        assert len(found_customers(shop.pk, "鈴木", most=3)) == 3


# -- the wall -----------------------------------------------------------------------------


def test_a_strangers_people_are_never_found(shop, other_shop, kayo):
    with tenant(other_shop):
        theirs = make_customer(other_shop, name="山口 佳代", email="kyama@example.jp")
        make_purchase(theirs, external_id="#1001")

        assert found_customers(other_shop.pk, "山口") == [theirs.pk]
        # Whatever a caller says, only the door opens a shop.
        assert found_customers(shop.pk, "山口") == [theirs.pk]
        assert found_customers(shop.pk, "#1001") == []

    with tenant(shop):
        assert found_customers(shop.pk, "山口") == [kayo.pk]


def test_outside_every_door_the_search_finds_nobody(shop, kayo):
    with connection.cursor() as cursor:
        cursor.execute("SELECT crm_found_customers('山口', 10)")

        assert cursor.fetchall() == []


def test_another_search_path_does_not_lead_the_search_astray(shop, kayo):
    """A temporary table of the same name would be read instead, were the path not pinned."""
    with tenant(shop), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE crm_customer (LIKE public.crm_customer)")
        cursor.execute("SET LOCAL search_path = pg_temp, public")
        cursor.execute("SELECT crm_found_customers('山口', 10)")

        assert cursor.fetchall() == [(kayo.pk,)]


def test_only_the_app_role_may_search():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT proname FROM pg_proc
             WHERE prosecdef AND pronamespace = 'public'::regnamespace
               AND (array_to_string(proacl, ' ') ~ '(^| )=' OR proacl IS NULL
                    OR NOT array_to_string(proconfig, ' ') ~ 'search_path=pg_catalog')
            """
        )
        assert cursor.fetchall() == []


def test_the_app_role_cannot_put_another_function_in_its_place():
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(
            "CREATE OR REPLACE FUNCTION public.crm_folded(words text) RETURNS text"
            " LANGUAGE sql IMMUTABLE AS 'SELECT words'"
        )
