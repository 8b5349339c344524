"""The three walls, each tried without the other two."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django_scopes import ScopeError, scopes_disabled

from crm.customers.models import Customer, Purchase
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.tenancy.checks import require_app_role
from crm.tenancy.door import tenant
from crm.tenancy.models import TenantModel
from crm.tenancy.operations import POLICY
from tests.factories import make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]
TABLES = [model._meta.db_table for model in TENANT_MODELS]


def test_a_query_without_a_shop_is_refused(shop):
    with pytest.raises(ScopeError):
        Customer.objects.filter(name="").exists()


def test_row_level_security_hides_other_shops_from_raw_sql(shop, other_shop):
    with tenant(other_shop):
        make_customer(other_shop)

    with tenant(shop), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crm_customer")
        seen = cursor.fetchone()[0]

    assert seen == 0


def test_without_a_shop_the_database_shows_nothing(shop):
    with tenant(shop):
        make_customer(shop)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crm_customer")
        seen = cursor.fetchone()[0]

    assert seen == 0


def test_a_row_cannot_be_written_for_another_shop(shop, other_shop):
    with pytest.raises(ProgrammingError, match="row-level security"), tenant(shop):
        make_customer(other_shop)


def test_a_foreign_key_cannot_cross_shops(shop, other_shop):
    with tenant(other_shop):
        theirs = make_customer(other_shop)

    with pytest.raises(IntegrityError), tenant(shop):
        Purchase.objects.create(
            shop=shop,
            customer_id=theirs.pk,
            source="test",
            external_id="1",
            ordered_at="2026-05-10T00:00Z",
            total=1,
            currency="JPY",
        )


def test_the_doors_do_not_nest(shop, other_shop):
    with transaction.atomic(), pytest.raises(RuntimeError), tenant(shop):
        pass


def test_the_shop_is_forgotten_after_the_door_closes(shop):
    with tenant(shop):
        pass

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.shop_id', true)")
        assert cursor.fetchone()[0] in {"", None}


def test_a_touchpoint_cannot_be_rewritten_only_its_standing(shop):
    with tenant(shop):
        fact = make_touchpoint(make_customer(shop), Kind.NPS, value=9)
        Touchpoint.objects.filter(pk=fact.pk).update(standing="suspected")

    with pytest.raises(ProgrammingError, match="permission denied"), tenant(shop):
        Touchpoint.objects.filter(pk=fact.pk).update(value=10)


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_every_table_of_a_shop_is_walled(model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [table]
        )
        assert cursor.fetchone() == (True, False)
        cursor.execute(
            "SELECT qual, with_check, roles::text, cmd FROM pg_policies WHERE tablename = %s",
            [table],
        )
        ((qual, with_check, roles, command),) = cursor.fetchall()
        assert _plain(qual) == _plain(with_check) == _plain(POLICY)
        assert (roles, command) == ("{public}", "ALL")
        cursor.execute(
            """
            SELECT EXISTS (SELECT 1 FROM pg_index i
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
               WHERE i.indrelid = %s::regclass AND a.attname = 'shop_id')
            """,
            [table],
        )
        assert cursor.fetchone()[0], f"{table} has no index led by shop_id"
        cursor.execute(
            """
            SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
             WHERE conrelid = %s::regclass AND contype = 'f' AND confrelid = ANY(%s::regclass[])
            """,
            [table, TABLES],
        )
        composite = dict(cursor.fetchall())
    assert all(d.startswith("FOREIGN KEY (shop_id, ") for d in composite.values()), composite
    to_tenants = [
        field
        for field in model._meta.local_fields
        if field.is_relation and issubclass(field.remote_field.model, TenantModel)
    ]
    assert len(composite) == len(to_tenants)


def test_every_table_with_a_shop_is_either_walled_or_listed_as_open():
    open_tables = {
        "crm_membership", "crm_apikey", "crm_work", "crm_perioddone", "diagnosis_quizaddress",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name FROM information_schema.columns
             WHERE column_name = 'shop_id' AND table_schema = 'public'
            """
        )
        found = {name for (name,) in cursor.fetchall()}

    assert found == set(TABLES) | open_tables


def test_no_view_looks_past_the_wall():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname FROM pg_class WHERE relkind IN ('v', 'm')
               AND relnamespace = 'public'::regnamespace
               AND NOT COALESCE(reloptions::text, '') LIKE '%%security_invoker=true%%'
            """
        )
        assert cursor.fetchall() == []


def test_the_app_role_may_not_empty_a_table():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname FROM pg_class WHERE relkind = 'r'
               AND relnamespace = 'public'::regnamespace
               AND has_table_privilege(oid, 'TRUNCATE')
            """
        )
        assert cursor.fetchall() == []


def test_the_app_role_passes_the_start_up_check():
    require_app_role()


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_role_is_refused_at_start_up(monkeypatch):
    monkeypatch.setattr("crm.tenancy.checks.connection", connections["owner"])

    with pytest.raises(ImproperlyConfigured, match="owns tables"):
        require_app_role()


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_no_manager_of_a_shop_works_unscoped(model):
    with pytest.raises(ScopeError):
        list(model.objects.all())


def test_inside_one_shop_every_way_to_anothers_row_finds_nothing(shop, other_shop):
    with tenant(other_shop):
        theirs = make_customer(other_shop, name="Theirs")
        make_purchase(theirs)

    with tenant(shop):
        assert not Customer.objects.filter(pk=theirs.pk).exists()
        assert Customer.objects.filter(pk=theirs.pk).update(name="ours") == 0
        assert Customer.objects.filter(pk=theirs.pk).delete()[0] == 0
        assert Customer.objects.in_bulk([theirs.pk]) == {}
        assert list(Customer._base_manager.filter(pk=theirs.pk)) == []
        with scopes_disabled():
            assert list(Customer.objects.raw("SELECT * FROM crm_customer")) == []
            assert Purchase.objects.count() == 0

    with tenant(other_shop):
        assert Customer.objects.get(pk=theirs.pk).name == "Theirs"


def _plain(sql: str) -> str:
    return "".join(sql.replace("::text", "").replace("(", "").replace(")", "").split()).lower()
