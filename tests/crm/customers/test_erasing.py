"""Somebody asks to be forgotten, and is: in every table, for good, whatever comes in later."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey
from django.utils import timezone

from crm.customers.enums import SuppressionReason, SuppressionScope
from crm.customers.erasing import erase
from crm.customers.intake import OrderIn, take_in_customers, take_in_orders
from crm.customers.models import Customer, CustomerIdentity, ErasedKey, Purchase, Suppression
from crm.customers.register import PersonIn
from crm.customers.registry import Fate, holdings
from crm.customers.selectors import present_customers
from crm.customers.services import is_suppressed
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint, TouchpointText
from crm.mail.enums import MailReason, MailState
from crm.mail.models import Mail
from crm.mail.unsubscribing import unsubscribe
from crm.models import AuditEntry, ImportNote, ImportRun, Relationship, StageSpell, Suggestion
from crm.shops.models import Shop
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from crm.tenancy.models import TenantModel
from crm.work.models import Work
from crm.work.registry import handlers
from crm.work.services import claim, run
from tests.crm.mail.test_unsubscribing import queue
from tests.factories import NOON, make_customer, make_touchpoint

pytestmark = pytest.mark.django_db

#: Tables of a shop that hold nobody: what they are about instead.
NOBODY = {
    "crm.apireply": "what a machine was answered; all of a shop's go when anybody is erased",
    "crm.auditentry": "what was done, by whom of the staff; customers by their row only",
    "crm.datedyardstick": "figures of the whole shop",
    "crm.guardsettings": "the shop's restraint",
    "crm.importpiece": "an uploaded file, gone once it is in and within a week",
    "crm.importrun": "a file's columns and counts",
    "crm.keptfigures": "figures of the whole shop, made anew every night",
    "crm.memberinvitation": "somebody asked to work here, who is no customer",
    "crm.stagesettings": "the shop's numbers",
    "diagnosis.attempt": "a go at the quiz by whoever held its token",
    "diagnosis.quiz": "the quiz itself",
    "diagnosis.quizversion": "its questions",
    "surveys.survey": "what is asked, and when",
    "surveys.surveyversion": "the questions as they were asked",
}

#: What a canary is told of in, and what is left of it nowhere.
NAME, KANA, ADDRESS = "鳥居 金糸", "とりい きんし", "Kinshi@Canary.example"
WORDS = "さえずりを聞いて、この店のことを思い出しました。毎朝の一杯がたのしみです。"
CANARIES = ["鳥居", "金糸", "とりい", "きんし", "canary", "さえずり", "C-4711"]

LATER = NOON + timedelta(days=1)


@pytest.fixture
def inside(shop: Shop) -> Any:
    with tenant(shop):
        yield shop


def tell(shop: Shop, *, order: str = "1", at: datetime = NOON, **person: str) -> None:
    """An order comes in, by file or machine."""
    told = {"external_id": "C-4711", "email": ADDRESS, "name": NAME, "kana": KANA} | person
    take_in_orders(
        shop_id=shop.pk,
        source="cart",
        orders=[OrderIn(order, PersonIn(**told), ordered_at=at, total=120_000, currency="JPY")],
    )


def canary(shop: Shop) -> Customer:
    """A customer with an order and a letter."""
    tell(shop)
    customer = Customer.objects.get(email=ADDRESS)
    make_touchpoint(customer, Kind.LETTER, text=WORDS)
    reassess(customer=customer, now=NOON)
    return customer


def all_text_of(shop: Shop) -> str:
    """Every row of the shop in every table, as one text."""
    tables = [model._meta.db_table for model in apps.get_models()]
    with connection.cursor() as cursor:
        texts = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            texts += [f"{table} {row}" for (row,) in cursor.fetchall()]
    return "\n".join(texts)


def traces_in(shop: Shop) -> list[str]:
    return [
        line
        for line in all_text_of(shop).splitlines()
        if any(word.casefold() in line.casefold() for word in CANARIES)
    ]


# --- no table is forgotten --------------------------------------------------------------------


def leads_to_customer(model: type[TenantModel], seen: frozenset[Any] = frozenset()) -> bool:
    """Whether a row of this table belongs to a person, directly or through another row."""
    parents = {
        field.related_model
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
    }
    return Customer in parents or any(
        leads_to_customer(parent, seen | {model})
        for parent in parents - seen - {model}
        if isinstance(parent, type) and issubclass(parent, TenantModel)
    )


def test_every_table_that_leads_to_a_customer_is_known_to_export_and_eraser() -> None:
    tables = [model for model in apps.get_models() if issubclass(model, TenantModel)]

    assert [
        model._meta.label_lower
        for model in tables
        if leads_to_customer(model) and model not in holdings
    ] == []


def test_every_other_table_of_a_shop_is_said_to_hold_nobody() -> None:
    tables = {
        model._meta.label_lower
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model not in holdings
    }

    assert tables == set(NOBODY)


@pytest.mark.parametrize(
    "holding",
    [one for one in holdings.values() if one.fate is Fate.EMPTIED],
    ids=lambda one: one.model._meta.label_lower,
)
def test_what_is_to_be_emptied_the_app_role_may_empty(holding: Any) -> None:
    changeable = holding.model.changeable

    assert changeable is None or set(holding.emptied) <= set(changeable)


# --- nothing is left ---------------------------------------------------------------------------


def test_no_table_holds_a_trace_afterwards(inside: Shop) -> None:
    customer = canary(inside)
    assert traces_in(inside), "or the test would prove nothing"

    assert erase(customer=customer, at=LATER, by=None)

    assert traces_in(inside) == []


def test_whoever_was_merged_into_them_goes_with_them(inside: Shop) -> None:
    customer = canary(inside)
    make_customer(inside, name=NAME, email="old@canary.example", merged_into=customer)

    erase(customer=customer, at=LATER, by=None)

    assert traces_in(inside) == []
    assert not present_customers(inside.pk).exists()


def test_money_counts_and_scores_stay(inside: Shop) -> None:
    customer = canary(inside)
    make_touchpoint(customer, Kind.NPS, value=9)

    erase(customer=customer, at=LATER, by=None)

    assert Purchase.objects.get().total == 120_000
    assert list(Touchpoint.objects.order_by("pk").values_list("kind", "value")) == [
        (Kind.LETTER, None),
        (Kind.NPS, 9),
    ]
    assert not TouchpointText.objects.exists()


def test_they_stand_at_no_stage_from_that_day_on_and_did_before(inside: Shop) -> None:
    customer = canary(inside)

    erase(customer=customer, at=LATER + timedelta(days=30), by=None)

    assert not Relationship.objects.exists()
    assert not StageSpell.objects.filter(to_on=None).exists()
    assert StageSpell.objects.exists()


def test_neighbours_keep_everything(inside: Shop) -> None:
    neighbour = make_customer(inside, name="鈴木 花")
    make_touchpoint(neighbour, Kind.LETTER, text="お茶がおいしく、毎朝たのしみにしています。")
    note = note_of(inside, raw="12,鈴木 花,hana@example.com\n")

    erase(customer=canary(inside), at=LATER, by=None)

    neighbour.refresh_from_db()
    note.refresh_from_db()
    assert neighbour.name == "鈴木 花"
    assert note.raw
    assert TouchpointText.objects.count() == 1


def test_it_is_written_down_who_erased_whom_without_the_name(inside: Shop) -> None:
    customer = canary(inside)
    owner = inside.memberships.get().user

    erase(customer=customer, at=LATER, by=owner)

    entry = AuditEntry.objects.get()
    assert (entry.about, entry.actor_id) == (f"customer:{customer.pk}", owner.pk)


def test_erasing_again_changes_nothing(inside: Shop) -> None:
    customer = canary(inside)
    erase(customer=customer, at=LATER, by=None)
    before = all_text_of(inside)

    assert not erase(customer=customer, at=LATER + timedelta(hours=1), by=None)

    assert all_text_of(inside) == before


def note_of(shop: Shop, *, raw: str = "", value: str = "") -> ImportNote:
    run = ImportRun.objects.create(
        shop=shop, kind="orders", format="generic", source="cart", header_fingerprint="x",
        file_name="orders.csv", sha256="x", encoding="utf-8",
    )  # fmt: skip
    return ImportNote.objects.create(
        shop=shop, run=run, line=2, code="date_unclear", is_left_out=True, raw=raw, value=value
    )


@pytest.mark.parametrize(
    "raw",
    [
        "9,KINSHI@canary.example,2026-13-01\n",
        '"9","鳥居","金糸","2026-13-01"\n',
        "9\tトリイ\tとりい\tきんし\n",
        "9,鳥居　金糸\n",
        '9,"C-4711",2026-13-01\n',
    ],
)
def test_rows_of_files_that_were_left_out_are_forgotten(inside: Shop, raw: str) -> None:
    customer = canary(inside)
    note = note_of(inside, raw=raw, value="2026-13-01")

    erase(customer=customer, at=LATER, by=None)

    note.refresh_from_db()
    assert (note.raw, note.value, note.line) == ("", "", 2)


# --- nothing is sent ---------------------------------------------------------------------------


def test_nothing_that_waits_is_sent_and_the_address_is_never_written_to(inside: Shop) -> None:
    customer = canary(inside)
    mail = queue(customer)

    erase(customer=customer, at=LATER, by=None)

    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.CANCELLED, MailReason.ERASED)
    assert is_suppressed(shop_id=inside.pk, address=ADDRESS, scope=SuppressionScope.SURVEY)


def test_an_address_we_wrote_to_once_is_never_written_to_either(inside: Shop) -> None:
    customer = canary(inside)
    mail = queue(customer)
    Mail.objects.filter(pk=mail.pk).update(to_address="kinshi@former.example")

    erase(customer=customer, at=LATER, by=None)

    assert is_suppressed(
        shop_id=inside.pk, address="kinshi@former.example", scope=SuppressionScope.SURVEY
    )


def test_a_wish_said_before_keeps_its_reason(inside: Shop) -> None:
    customer = canary(inside)
    unsubscribe(shop_id=inside.pk, customer_id=customer.pk, at=NOON, evidence={})

    erase(customer=customer, at=LATER, by=None)

    assert Suppression.objects.get().reason == SuppressionReason.UNSUBSCRIBED


def test_what_was_proposed_to_do_for_them_is_off_the_list(inside: Shop) -> None:
    customer = canary(inside)
    Suggestion.objects.create(
        shop=inside, customer=customer, play="landing.rest", spell_from_on="2026-05-01"
    )

    erase(customer=customer, at=LATER, by=None)

    assert Suggestion.objects.get().state == "expired"


# --- nobody comes back by an old file -----------------------------------------------------------


def test_an_old_file_attaches_its_orders_to_nobody(inside: Shop) -> None:
    erase(customer=canary(inside), at=LATER, by=None)

    tell(inside, order="1")
    tell(inside, order="2", at=NOON - timedelta(days=400))

    assert Purchase.objects.count() == 2
    assert not present_customers(inside.pk).exists()
    assert traces_in(inside) == []


@pytest.mark.parametrize(
    "person",
    [
        {"external_id": ""},
        {"external_id": "C-9999"},
        {"email": ""},
        {"email": "kinshi@new.example"},
        {"external_id": "", "email": "ｋｉｎｓｈｉ@CANARY.example "},
    ],
    ids=["guest", "other id", "id alone", "other address", "otherwise written"],
)
def test_they_are_known_again_by_id_or_address_alone(inside: Shop, person: dict[str, str]) -> None:
    erase(customer=canary(inside), at=LATER, by=None)

    tell(inside, order="2", at=LATER, **person)

    assert not present_customers(inside.pk).exists()
    assert not CustomerIdentity.objects.exists()


def test_a_list_of_customers_does_not_bring_them_back(inside: Shop) -> None:
    erase(customer=canary(inside), at=LATER, by=None)

    taken = take_in_customers(
        shop_id=inside.pk,
        source="cart",
        people=[PersonIn("C-4711", ADDRESS, NAME, KANA), PersonIn("", ADDRESS, NAME)],
    )

    assert (taken.created, taken.updated) == (0, 0)
    assert traces_in(inside) == []


def test_who_orders_again_is_a_new_customer_who_is_not_written_to(inside: Shop) -> None:
    erase(customer=canary(inside), at=LATER, by=None)

    tell(inside, order="2", at=LATER + timedelta(days=30))

    back = present_customers(inside.pk).get()
    assert (back.name, back.purchases.count()) == (NAME, 1)
    assert is_suppressed(shop_id=inside.pk, address=ADDRESS, scope=SuppressionScope.FOLLOW_UP)


def test_who_came_back_does_not_get_the_old_history_with_the_next_file(inside: Shop) -> None:
    erase(customer=canary(inside), at=LATER, by=None)
    tell(inside, order="2", at=LATER + timedelta(days=30))

    tell(inside, order="1")
    tell(inside, order="3", at=LATER + timedelta(days=60))
    take_in_customers(
        shop_id=inside.pk, source="cart", people=[PersonIn("C-4711", ADDRESS, "鳥居 銀糸")]
    )

    back = present_customers(inside.pk).get()
    assert sorted(back.purchases.values_list("external_id", flat=True)) == ["2", "3"]
    assert back.name == "鳥居 銀糸"


def test_who_came_back_can_be_erased_again(inside: Shop) -> None:
    erase(customer=canary(inside), at=LATER, by=None)
    tell(inside, order="2", at=LATER + timedelta(days=30))

    erase(customer=present_customers(inside.pk).get(), at=LATER + timedelta(days=60), by=None)
    tell(inside, order="3", at=LATER + timedelta(days=45))

    assert traces_in(inside) == []
    assert not present_customers(inside.pk).exists()


def test_another_shop_knows_nothing_of_the_erasure(shop: Shop, other_shop: Shop) -> None:
    with tenant(shop):
        erase(customer=canary(shop), at=LATER, by=None)

    with tenant(other_shop):
        tell(other_shop)

        assert present_customers(other_shop.pk).get().name == NAME


def test_the_marks_tell_nobody_anything(inside: Shop) -> None:
    erase(customer=canary(inside), at=LATER, by=None)

    keys = list(ErasedKey.objects.values_list("key_hmac", flat=True))
    assert len(keys) == 2
    assert all(len(key) == 64 for key in keys)


# --- what was under way ------------------------------------------------------------------------


def test_the_review_of_somebody_who_was_erased_meanwhile_finds_nobody(inside: Shop) -> None:
    customer = canary(inside)
    erase(customer=customer, at=LATER, by=None)

    handlers["review"](customer.pk)

    assert not Relationship.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_straggler_wrote_is_forgotten_a_little_later(shop: Shop) -> None:
    with tenant(shop):
        customer = canary(shop)
        erase(customer=customer, at=timezone.now(), by=None)
        make_touchpoint(customer, Kind.LETTER, text=WORDS)
    Work.objects.exclude(kind="forget").delete()
    Work.objects.update(due_at=datetime(2020, 1, 1, tzinfo=UTC))

    (row,) = claim("forget")
    assert run(row)

    with tenant(shop):
        assert traces_in(shop) == []
        assert Touchpoint.objects.count() == 2
