"""What is proposed, what stands, and what is overtaken by events."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.models import Customer
from crm.customers.services import record_consent
from crm.followups import settling
from crm.followups.answering import acknowledge
from crm.followups.enums import Call, Dismissal, SuggestionState
from crm.followups.models import Suggestion
from crm.followups.selectors import listed, to_do, to_leave
from crm.followups.services import expire_spent, propose
from crm.ledger.enums import Kind, Standing
from crm.ledger.services import set_standing
from crm.mail.enums import MailReason, MailState
from crm.mail.models import Mail
from crm.shops.models import Shop
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from tests.crm.followups.conftest import LETTER, WORDS, suggest
from tests.factories import make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def door(shop):
    with tenant(shop):
        yield


@pytest.fixture
def customer(shop):
    """Somebody at Empathy by their own words of yesterday."""
    customer = make_customer(shop)
    make_purchase(customer, ordered_at=ago(20))
    make_touchpoint(customer, Kind.LETTER, text=WORDS, at=ago(1))
    return customer


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def advise(customer: Customer, **kwargs: bool) -> Suggestion | None:
    assessment = reassess(customer=customer, now=NOW)
    assert assessment is not None
    return propose(customer=customer, assessment=assessment, now=NOW, **kwargs)


def settle_all(**how: object) -> None:
    Suggestion.objects.update(settled_at=NOW, **how)


def test_a_letter_is_to_be_answered_and_the_suggestion_knows_which(customer):
    suggestion = advise(customer)

    assert (suggestion.play, suggestion.rank) == ("empathy.answer", Call.ANSWER)
    assert suggestion.about == customer.touchpoints.get()
    assert suggestion.evidence == {"on": ago(1).astimezone(customer.shop.zone).date().isoformat()}
    assert suggestion.expires_on is not None


def test_looking_again_changes_nothing(customer):
    first = advise(customer)
    second = advise(customer)

    assert first == second
    assert Suggestion.objects.count() == 1


def test_what_somebody_dismissed_is_not_proposed_again_but_the_next_best_is(customer):
    advise(customer)
    settle_all(state=SuggestionState.DISMISSED)

    suggestion = advise(customer)

    assert suggestion.play == "empathy.rest"


def test_what_somebody_dismissed_does_not_come_back_under_another_name(customer):
    referral = make_touchpoint(customer, Kind.REFERRAL, at=ago(2))
    thanks = advise(customer)
    settle_all(state=SuggestionState.DISMISSED)

    suggestion = advise(customer)

    assert (thanks.play, thanks.about) == ("circulation.thank", referral)
    assert (suggestion.play, suggestion.rank) == ("empathy.answer", Call.ANSWER)


def test_a_second_letter_is_to_be_answered_though_the_first_was_set_aside(customer):
    advise(customer)
    settle_all(state=SuggestionState.DISMISSED)
    second = make_touchpoint(customer, Kind.LETTER, text=WORDS, at=ago(0.1))

    suggestion = advise(customer)

    assert (suggestion.play, suggestion.about) == ("empathy.answer", second)


def test_a_second_letter_is_to_be_answered_though_the_first_was(customer, staff):
    advise(customer)
    acknowledge(touchpoint=customer.touchpoints.get(), by=staff, channel=None, now=NOW)
    second = make_touchpoint(customer, Kind.LETTER, text=WORDS, at=ago(0.1))

    suggestion = advise(customer)

    assert (suggestion.play, suggestion.about) == ("empathy.answer", second)


def test_while_a_letter_waits_to_leave_nothing_new_is_proposed(customer, shop, staff):
    suggestion = advise(customer)
    settling.approve(
        suggestion_id=suggestion.pk, shop=shop, by=staff, letter=LETTER, revision=0, now=NOW
    )
    make_touchpoint(customer, Kind.SHARE, is_public=True, at=ago(0.1))

    assert advise(customer).pk == suggestion.pk
    assert Suggestion.objects.count() == 1


def test_what_must_be_solved_takes_an_approved_letter_back(customer, shop, staff):
    letter = advise(customer)
    settling.approve(
        suggestion_id=letter.pk, shop=shop, by=staff, letter=LETTER, revision=0, now=NOW
    )
    make_touchpoint(customer, Kind.COMPLAINT, at=ago(0.1), thread="c:1")

    suggestion = advise(customer)

    mail = Mail.objects.get()
    assert suggestion.play == "recovery.listen"
    assert (mail.state, mail.reason) == (MailState.CANCELLED, MailReason.OVERTAKEN)
    letter.refresh_from_db()
    assert letter.state == SuggestionState.EXPIRED


def test_what_was_overtaken_comes_back_with_its_draft_when_it_suits_again(customer, shop):
    letter = advise(customer)
    settling.save_draft(suggestion_id=letter.pk, shop=shop, letter=LETTER, revision=0)
    complaint = make_touchpoint(customer, Kind.COMPLAINT, at=ago(0.2), thread="c:1")
    advise(customer)
    set_standing(touchpoint=complaint, standing=Standing.SUSPECTED)

    suggestion = advise(customer)

    assert suggestion.pk == letter.pk
    assert (suggestion.state, suggestion.personal) == (SuggestionState.PROPOSED, LETTER.personal)


def test_a_second_trouble_keeps_the_letter_begun_about_the_first(customer):
    make_touchpoint(customer, Kind.COMPLAINT, at=ago(3), thread="c:1")
    first = advise(customer)
    make_touchpoint(customer, Kind.COMPLAINT, at=ago(2), thread="c:2")

    assert advise(customer).pk == first.pk
    settle_all(state=SuggestionState.DONE)
    assert advise(customer).pk != first.pk


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.UNSUBSCRIBED])
def test_what_is_no_word_for_us_asks_for_no_answer(shop, kind):
    customer = make_customer(shop)
    make_purchase(customer, ordered_at=ago(20))
    make_touchpoint(customer, kind, text=WORDS, at=ago(1))

    suggestion = advise(customer)

    assert suggestion is None or suggestion.rank != Call.ANSWER


def cooled(shop: Shop) -> Customer:
    """Somebody whose orders every forty days have ceased, and who wrote to us before that."""
    customer = make_customer(shop)
    for days in (190, 150, 110, 70):
        make_purchase(customer, ordered_at=ago(days))
    make_touchpoint(customer, Kind.LETTER, text=WORDS, at=ago(120))
    return customer


def ask_for_letters(customer: Customer) -> None:
    record_consent(
        customer=customer,
        purpose=ConsentPurpose.FOLLOW_UP,
        state=ConsentState.GIVEN,
        at=ago(100),
        evidence={},
    )


def test_a_first_step_of_ours_is_proposed_only_where_it_could_be_made(shop):
    quiet, asked = cooled(shop), cooled(shop)
    ask_for_letters(asked)

    plays = {person: advise(person) for person in (quiet, asked)}

    assert plays[quiet].play == "empathy.card", "in the parcel, for nobody asked for letters"
    assert plays[asked].play == "empathy.warm"


def test_a_first_step_that_must_wait_is_put_off_until_it_may(shop):
    customer = cooled(shop)
    ask_for_letters(customer)
    make_touchpoint(customer, Kind.OUR_CALL, at=ago(2))

    suggestion = advise(customer)

    assert suggestion.play == "empathy.warm"
    assert suggestion.put_off_until == ago(2) + timedelta(days=7)
    assert not to_do(shop.pk, now=NOW).exists()
    assert to_do(shop.pk, now=NOW + timedelta(days=5)).exists()


def test_nothing_is_added_where_history_has_had_its_share(customer):
    assert advise(customer, may_add=False) is None
    assert not Suggestion.objects.exists()


def test_what_nobody_settled_while_it_was_of_use_is_let_go(customer, shop):
    advise(customer)
    today = NOW.astimezone(shop.zone).date()
    Suggestion.objects.update(expires_on=today)

    assert expire_spent(shop_id=shop.pk, today=today - timedelta(days=1), now=NOW) == 0
    assert expire_spent(shop_id=shop.pk, today=today, now=NOW) == 1
    assert Suggestion.objects.get().reason == MailReason.TOO_LATE
    assert advise(customer).play == "empathy.rest", "and it does not come again"


def test_the_day_begins_with_what_just_happened_then_with_what_comes_first(shop):
    def one(play: str, **kwargs: object) -> int:
        return suggest(make_customer(shop), play, **kwargs).pk

    old_thanks = one("engagement.thank", is_timely=False)
    words = one("empathy.answer")
    thanks = one("engagement.thank")
    trouble = one("recovery.listen")
    rest = one("empathy.rest")
    one("empathy.answer", state=SuggestionState.DONE)

    assert [row.pk for row in to_do(shop.pk, now=NOW)] == [trouble, thanks, words, old_thanks]
    assert [row.pk for row in to_leave(shop.pk, now=NOW)] == [rest]


def test_the_list_shows_one_state_or_what_is_to_be_done(shop):
    asking = suggest(make_customer(shop))
    resting = suggest(make_customer(shop), "empathy.rest")
    done = suggest(make_customer(shop), state=SuggestionState.DONE)

    shown = {asked: [row.pk for row in listed(shop.pk, asked)] for asked in ("", "rest", "done")}

    assert shown == {"": [asking.pk], "rest": [resting.pk], "done": [done.pk]}
    assert [row.pk for row in listed(shop.pk, "nonsense")] == [asking.pk]


def test_a_dismissal_is_kept_with_its_reason(customer, shop, staff):
    suggestion = advise(customer)

    settling.dismiss(
        suggestion_id=suggestion.pk,
        shop=shop,
        by=staff,
        reason=Dismissal.NOT_THEM,
        note="お電話のほうがよい方",
        now=NOW,
    )

    suggestion.refresh_from_db()
    assert (suggestion.reason, suggestion.note) == (Dismissal.NOT_THEM, "お電話のほうがよい方")
