"""The page behind the link in every mail: topics, a rest, all of it stopped, and undone."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.customers.enums import (
    ConsentPurpose,
    ConsentState,
    SuppressionReason,
    SuppressionScope,
)
from crm.customers.models import Consent, Customer, Suppression
from crm.customers.quiet import FOR_GOOD, months_after
from crm.customers.selectors import latest_consent
from crm.customers.services import is_suppressed, record_consent, suppress
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.mail.enums import MailState, Purpose
from crm.mail.models import Mail
from crm.mail.wishes import wishes_of
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from tests.crm.mail.test_unsubscribing import everything, one_click, page_of, queue
from tests.factories import make_customer

pytestmark = pytest.mark.django_db

BOTH = list(ConsentPurpose)
SURVEY, LETTERS = ConsentPurpose.SURVEY, ConsentPurpose.FOLLOW_UP

Press = Callable[..., Any]


@pytest.fixture
def guest() -> Client:
    """Somebody who is not signed in and keeps no cookies, under Django's CSRF check."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def kayo(shop: Shop) -> Customer:
    """A customer who asked for letters, and may be asked about her orders."""
    with tenant(shop):
        customer = make_customer(shop, email="kayo@example.com", name="山口 佳代")
        record_consent(
            customer=customer,
            purpose=LETTERS,
            state=ConsentState.GIVEN,
            at=timezone.now(),
            evidence={},
        )
        return customer


@pytest.fixture
def choose(kayo: Customer, guest: Client) -> Press:
    """Presses the page's button with these topics and this rest; gives the page it leads to."""

    def choose(*topics: ConsentPurpose, rest: str = "") -> Any:
        return guest.post(
            page_of(kayo) + "choose/", {"topics": list(topics), "rest": rest}, follow=True
        )

    return choose


def undo(guest: Client, page: Any) -> Any:
    """Press the button that puts it back, as it stands on the page."""
    form = re.search(r'<form class="note.*?</form>', page.content.decode(), re.S)
    assert form
    action = re.search(r'action="([^"]+)"', form[0])
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form[0])
    assert action
    posted = {name: [value for key, value in fields if key == name] for name, _ in fields}
    return guest.post(action[1].replace("&amp;", "&"), posted, follow=True)


def may(shop: Shop, customer: Customer) -> set[ConsentPurpose]:
    """What the shop may write about: what guard and page have to agree on."""
    with tenant(shop):
        customer = Customer.objects.get(pk=customer.pk)
        allowed = {
            purpose
            for purpose in ConsentPurpose
            if latest_consent(customer, purpose) != ConsentState.REFUSED
            and not is_suppressed(
                shop_id=shop.pk, address=customer.email, scope=SuppressionScope(purpose)
            )
        }
        shown = wishes_of(customer, now=timezone.now()).topics
    assert shown <= allowed
    return set(shown)


def quiet_until(shop: Shop, customer: Customer) -> datetime | None:
    with tenant(shop):
        return Customer.objects.get(pk=customer.pk).quiet_until


@pytest.mark.parametrize(("topics"), [[SURVEY], [LETTERS], BOTH])
def test_what_is_ticked_may_be_written_and_nothing_else(
    shop: Shop, kayo: Customer, choose: Press, topics: list[ConsentPurpose]
) -> None:
    choose(*topics)

    assert may(shop, kayo) == set(topics)


def test_no_tick_at_all_stops_everything(shop: Shop, kayo: Customer, choose: Press) -> None:
    choose()

    assert may(shop, kayo) == set()
    with tenant(shop):
        assert Suppression.objects.get().scope == SuppressionScope.ALL
        assert Touchpoint.objects.filter(customer=kayo, kind=Kind.UNSUBSCRIBED).count() == 1


def test_refusing_letters_calls_off_the_letter_that_waits_and_no_question(
    shop: Shop, kayo: Customer, choose: Press
) -> None:
    with tenant(shop):
        letter = queue(kayo, purpose=Purpose.FOLLOW_UP, dedup_key="letter")
        question = queue(kayo, purpose=Purpose.EVALUATION, dedup_key="question")

    choose(SURVEY)

    with tenant(shop):
        assert Mail.objects.get(pk=letter.pk).state == MailState.CANCELLED
        assert Mail.objects.get(pk=question.pk).state == MailState.DUE
        assert not Touchpoint.objects.filter(kind=Kind.UNSUBSCRIBED).exists()


def test_a_choice_is_kept_with_how_we_know(shop: Shop, kayo: Customer, choose: Press) -> None:
    choose(SURVEY)

    with tenant(shop):
        consent = Consent.objects.latest("pk")
        assert (consent.purpose, consent.state) == (LETTERS, ConsentState.REFUSED)
        assert consent.evidence == {"means": "preference page", "by": "page"}


def test_the_same_choice_again_changes_nothing(shop: Shop, kayo: Customer, choose: Press) -> None:
    choose(SURVEY, rest="3")
    before = everything(shop)

    choose(SURVEY, rest=quiet_until(shop, kayo).astimezone(shop.zone).date().isoformat())

    assert everything(shop) == before


def test_nobody_is_taken_to_have_refused_what_they_were_never_asked(
    shop: Shop, guest: Client
) -> None:
    with tenant(shop):
        silent = make_customer(shop)

    guest.post(page_of(silent) + "choose/", {"topics": ["survey"], "rest": "1"})

    with tenant(shop):
        assert latest_consent(silent, LETTERS) is None
        assert not Suppression.objects.exists()


@pytest.mark.parametrize(("rest", "months"), [("1", 1), ("3", 3), ("6", 6)])
def test_a_rest_lasts_to_the_same_day_some_months_later(
    shop: Shop, kayo: Customer, choose: Press, rest: str, months: int
) -> None:
    page = choose(*BOTH, rest=rest)

    until = quiet_until(shop, kayo)
    assert until is not None
    today = timezone.localdate(timezone=shop.zone)
    assert until.astimezone(shop.zone).date() == months_after(today, months)
    assert "までお休み" in page.content.decode()


def test_who_asks_to_be_left_in_peace_is(shop: Shop, kayo: Customer, choose: Press) -> None:
    choose(*BOTH, rest="peace")

    assert quiet_until(shop, kayo) == FOR_GOOD
    assert may(shop, kayo) == set(BOTH), "it is no refusal: a word from them ends it"


def test_a_rest_can_be_ended(shop: Shop, kayo: Customer, choose: Press) -> None:
    choose(*BOTH, rest="6")

    choose(*BOTH, rest="")

    assert quiet_until(shop, kayo) is None


@pytest.mark.parametrize("rest", ["7", "x", "2026-13-01", "-1", "9999999999"])
def test_a_rest_nobody_offered_is_refused_with_words_and_changes_nothing(
    shop: Shop, kayo: Customer, choose: Press, rest: str
) -> None:
    before = everything(shop)

    page = choose(SURVEY, rest=rest)

    assert page.status_code == 422
    assert 'class="error"' in page.content.decode()
    assert everything(shop) == before


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 6, 15), 6, date(2026, 12, 15)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_stopping_by_a_wrong_tap_is_undone_in_one(
    shop: Shop, kayo: Customer, guest: Client
) -> None:
    stopped = guest.post(page_of(kayo) + "stop/", follow=True)
    assert may(shop, kayo) == set()

    undo(guest, stopped)

    assert may(shop, kayo) == set(BOTH)
    with tenant(shop):
        assert not Suppression.objects.exists()
        assert Touchpoint.objects.get(kind=Kind.UNSUBSCRIBED).standing == Standing.SHOWN


def test_what_was_undone_can_be_done_again(shop: Shop, kayo: Customer, guest: Client) -> None:
    undo(guest, guest.post(page_of(kayo) + "stop/", follow=True))

    guest.post(page_of(kayo) + "stop/")

    assert may(shop, kayo) == set()
    with tenant(shop):
        facts = Touchpoint.objects.filter(kind=Kind.UNSUBSCRIBED, standing=Standing.COUNTS)
        assert facts.count() == 1


@pytest.mark.parametrize("rest", ["3", "peace"])
def test_a_change_is_undone_with_the_rest_there_was(
    shop: Shop, kayo: Customer, guest: Client, choose: Press, rest: str
) -> None:
    choose(*BOTH, rest=rest)
    before = quiet_until(shop, kayo)

    undo(guest, choose(SURVEY, rest=""))

    assert may(shop, kayo) == set(BOTH)
    assert quiet_until(shop, kayo) == before


@pytest.mark.parametrize("before", ["", "rest=x", "topics=all&rest=", "topics=" * 100, "%00"])
def test_an_address_nobody_gave_offers_no_undo(kayo: Customer, guest: Client, before: str) -> None:
    page = guest.get(page_of(kayo), {"before": before})

    assert page.status_code == 200
    assert '<form class="note' not in page.content.decode()


def test_an_address_that_bounced_is_said_to_be_cut_off_whatever_is_ticked(
    shop: Shop, kayo: Customer, choose: Press
) -> None:
    with tenant(shop):
        suppress(
            shop_id=shop.pk,
            address="kayo@example.com",
            reason=SuppressionReason.BOUNCED,
            at=timezone.now(),
        )

    page = choose(SURVEY)

    assert "お届けできない" in page.content.decode()
    with tenant(shop):
        assert is_suppressed(
            shop_id=shop.pk, address="kayo@example.com", scope=SuppressionScope.SURVEY
        )


def test_a_wish_outlives_a_change_of_address(shop: Shop, kayo: Customer, choose: Press) -> None:
    choose(SURVEY)

    with tenant(shop):
        Customer.objects.filter(pk=kayo.pk).update(
            email="kayo@new.example", email_norm="kayo@new.example"
        )

    assert may(shop, kayo) == {SURVEY}


def test_the_page_ticks_what_holds(kayo: Customer, guest: Client, choose: Press) -> None:
    choose(SURVEY, rest="peace")

    page = guest.get(page_of(kayo)).content.decode()

    ticked = re.findall(r'value="(\w*)" checked', page)
    assert ticked == ["survey", "peace"]


def test_who_stopped_is_offered_to_hear_from_us_again_and_no_second_stop(
    kayo: Customer, guest: Client
) -> None:
    one_click(guest, kayo)

    page = guest.get(page_of(kayo)).content.decode()

    assert "stop/" not in page
    assert page.count("button-main") == 1


@pytest.mark.parametrize("button", ["choose/", "stop/"])
def test_a_press_leads_back_to_the_page_in_the_language_it_was_in(
    kayo: Customer, guest: Client, button: str
) -> None:
    answer = guest.post(f"{page_of(kayo)}{button}?lang=en", {"topics": ["survey"]})

    assert answer.status_code == 303
    assert answer["Location"].startswith(page_of(kayo))
    assert answer["Location"].endswith("lang=en")
    assert not answer.cookies


@pytest.mark.parametrize("button", ["choose/", "stop/"])
def test_whoever_was_erased_meets_calm_words(
    shop: Shop, kayo: Customer, guest: Client, button: str
) -> None:
    with tenant(shop):
        Customer.objects.filter(pk=kayo.pk).update(email="", erased_at=timezone.now())
    before = everything(shop)

    page = guest.post(page_of(kayo) + button, {"topics": ["survey"]}, follow=True)

    assert page.status_code == 200
    assert page.content == guest.get(page_of(kayo)).content
    assert everything(shop) == before


def test_a_past_rest_is_none(shop: Shop, kayo: Customer) -> None:
    now = datetime(2026, 5, 10, tzinfo=UTC)
    kayo.quiet_until = now - timedelta(seconds=1)

    with tenant(shop):
        assert wishes_of(kayo, now=now).quiet_until is None
