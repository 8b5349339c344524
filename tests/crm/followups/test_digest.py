"""The morning's letter to those who work in a shop."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from crm.followups.digest import send_digest
from crm.followups.tasks import digest
from crm.mail.models import AccountMail
from crm.shops.enums import Role
from crm.shops.models import Membership
from crm.tenancy.door import tenant
from crm.work.registry import daily
from tests.crm.followups.conftest import WORDS, person_at, suggest
from tests.factories import make_member

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def door(shop):
    with tenant(shop):
        yield


@pytest.fixture
def letters(settings):
    """What is handed over, kept instead."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def test_a_day_with_nothing_to_do_brings_no_letter(shop, letters):
    suggest(person_at(2, shop), "empathy.rest")

    assert send_digest(shop=shop, now=NOW) == 0
    assert letters == []


def test_it_goes_to_those_who_work_here_and_want_it_in_their_language(shop, owner, staff, letters):
    suggest(person_at(2, shop))
    make_member(shop, Role.VIEWER)
    unwilling = make_member(shop, Role.MANAGER)
    Membership.objects.filter(user=unwilling).update(wants_digest=False)
    staff.locale = "en"
    staff.save()

    sent = send_digest(shop=shop, now=NOW)

    by_address = {letter.to[0]: letter for letter in letters}
    assert sent == 2
    assert set(by_address) == {owner.email, staff.email}
    assert "お返事を待っていることば" in by_address[owner.email].body
    assert "Words waiting for a reply" in by_address[staff.email].body
    assert "/shops/otonari/today/" in by_address[staff.email].body


def test_it_names_no_customer_and_quotes_none(shop, letters):
    suggest(person_at(2, shop, name="山口 佳代"))

    send_digest(shop=shop, now=NOW)

    (letter,) = letters
    said = letter.subject + letter.body + letter.alternatives[0][0]
    assert "山口" not in said
    assert WORDS[:10] not in said


@pytest.mark.parametrize(("hour", "greeting"), [(8, "おはようございます"), (15, "こんにちは")])
def test_a_letter_that_leaves_late_does_not_say_good_morning(shop, owner, letters, hour, greeting):
    owner.name = "三浦 <紗季>"
    owner.save()
    suggest(person_at(2, shop))

    send_digest(shop=shop, now=NOW.astimezone(shop.zone).replace(hour=hour))

    (letter,) = letters
    assert f"三浦 <紗季>さん、{greeting}。\n今日は1件、2分ほどです" in letter.body
    assert f"三浦 &lt;紗季&gt;さん、{greeting}。" in letter.alternatives[0][0]


def test_it_comes_once_a_day_however_often_it_is_asked_for(shop, letters):
    suggest(person_at(2, shop))

    counts = [send_digest(shop=shop, now=at) for at in (NOW, NOW, NOW + timedelta(days=1))]

    assert counts == [1, 0, 1]


def test_the_calendar_asks_for_it_in_the_morning_and_it_is_written_as_a_row(shop, settings):
    settings.EMAIL_BACKEND = "crm.mail.account_mail.TableBackend"
    suggest(person_at(2, shop))

    digest(shop.pk)

    assert daily["digest"] == 8
    assert AccountMail.objects.get().subject.startswith("おとなり茶舗")
