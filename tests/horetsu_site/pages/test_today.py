"""The day's work, as the one who does it sees it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.complaints.services import rebuild
from crm.followups.enums import SuggestionState
from crm.guard.enums import Moment, Reason, Verdict
from crm.guard.models import GuardDecision
from crm.ledger.enums import Kind
from crm.mail.enums import Purpose
from crm.mail.services import Words, queue_mail
from crm.shops.enums import Role
from crm.shops.models import Membership
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.crm.followups.conftest import WORDS, person_at, suggest
from tests.factories import NOON, make_member, make_touchpoint

pytestmark = pytest.mark.django_db

TODAY = "/shops/otonari/today/"
JAPANESE = {"Accept-Language": "ja"}


@pytest.fixture(autouse=True)
def owner_is_here(client, shop, owner):
    client.force_login(owner)


def page(client: Any) -> str:
    return client.get(TODAY, headers=JAPANESE).content.decode()


def propose(shop: Any, *plays: str, **kwargs: Any) -> list[Any]:
    with tenant(shop):
        return [suggest(person_at(2, shop, name="佐伯 美和"), play, **kwargs) for play in plays]


def park(shop: Any, ref: int = 7) -> Work:
    return Work.objects.create(
        shop=shop, kind="review", ref=ref, attempts=5, parked_at=NOON, last_error="ValueError: <no>"
    )


def test_the_front_door_leads_to_today(client):
    assert client.get("/shops/otonari/").headers["Location"] == TODAY


def test_a_task_says_for_whom_and_why_and_shows_the_words_and_what_the_guard_says(client, shop):
    (suggestion,) = propose(shop, "empathy.answer")

    html = page(client)

    assert "佐伯 美和さま" in html
    assert "お返事を待っていることば" in html
    assert WORDS in html
    assert "のこり1件、2分ほどです" in html
    assert "見合わせ" in html, "the shop's settings do not yet say who writes"
    assert f"/shops/otonari/suggestions/{suggestion.pk}/?next=" in html
    for key in ("w", "d", "l", "x"):
        assert f'data-key="{key}"' in html


def test_what_is_unresolved_leads_to_its_case_and_not_to_the_letter(client, shop):
    now = timezone.now()
    with tenant(shop):
        customer = person_at(1, shop, name="大野 健")
        make_touchpoint(customer, Kind.COMPLAINT, text=WORDS, at=now - timedelta(days=1))
        (case,) = rebuild(customer=customer, now=now)
        suggestion = suggest(customer, "recovery.listen")

    html = page(client)

    assert f'data-key="w" href="/shops/otonari/complaints/{case.pk}/"' in html
    assert f"/suggestions/{suggestion.pk}/?next=" not in html


def test_whom_to_leave_in_peace_stands_as_work_of_its_own(client, shop):
    propose(shop, "empathy.rest")

    html = page(client)

    assert "そっとしておく" in html
    assert "このまま見守る" in html
    assert "のこり" not in html


def test_a_quiet_day_says_that_nothing_is_asked(client):
    html = client.get(TODAY, headers={"Accept-Language": "en"}).content.decode()

    assert "Nothing asks for you today" in html


def test_the_list_of_suggestions_is_one_press_away_on_any_day(client):
    assert 'href="/shops/otonari/suggestions/"' in page(client)


def test_a_day_ends_and_what_is_more_waits_for_tomorrow(client, shop):
    propose(shop, *["empathy.answer"] * 9)

    html = page(client)

    assert html.count("data-item") == 6
    assert "あしたで間に合います" in html


def test_what_was_settled_today_is_shown_with_its_way_back(client, shop, owner):
    now = timezone.now()
    settled = {"state": SuggestionState.DONE, "settled_by": owner, "settled_at": now}
    (done,) = propose(shop, "empathy.answer", **settled)
    propose(shop, "empathy.answer", **settled | {"settled_at": now - timedelta(days=2)})

    html = page(client)

    assert html.count("佐伯 美和さま") == 1
    assert "1件済みました" in html
    assert f"/suggestions/{done.pk}/undo/" in html


def test_what_the_guard_did_today_is_told_in_a_sentence(client, shop):
    now = timezone.now()
    with tenant(shop):
        customer = person_at(2, shop)
        for number, verdict in enumerate([Verdict.ALLOW, Verdict.HOLD, Verdict.BLOCK]):
            mail = queue_mail(
                customer=customer, purpose=Purpose.NPS, words=Words("ja", "", "", ""),
                due_at=now, expires_at=now, dedup_key=str(number),
            )  # fmt: skip
            for last in (Verdict.HOLD, verdict):
                GuardDecision.objects.create(
                    shop=shop, customer=customer, mail=mail, purpose=Purpose.NPS,
                    moment=Moment.SENDING, verdict=last, reason=Reason.FINE,
                )  # fmt: skip

    assert "1通をお送りし、1通は時を待ち、1通は見合わせました" in page(client)


def test_who_may_only_look_is_offered_nothing_to_press(client, shop):
    propose(shop, "empathy.answer", "empathy.rest")
    client.force_login(make_member(shop, Role.VIEWER))

    html = page(client)

    assert "佐伯 美和さま" in html
    assert ">見る</a>" in html
    assert "お返事を書く" not in html
    assert "/later/" not in html
    assert "/quiet/" not in html


def test_parked_work_is_told_in_words_and_tried_again_at_a_press(client, shop):
    work = park(shop)

    html = page(client)
    response = client.post(f"{TODAY}{work.pk}/retry/")

    assert "お客さまとの関係の見直し" in html
    assert "ValueError: &lt;no&gt;" in html
    assert response.headers["Location"] == TODAY
    work.refresh_from_db()
    assert (work.parked_at, work.attempts) == (None, 0)


def test_a_second_press_finds_it_being_tried(client, shop):
    work = park(shop)

    answers = [client.post(f"{TODAY}{work.pk}/retry/") for _ in range(2)]

    assert [response.status_code for response in answers] == [302, 302]


def test_a_look_does_not_try_it_again(client, shop):
    work = park(shop)

    assert client.get(f"{TODAY}{work.pk}/retry/").status_code == 405
    work.refresh_from_db()
    assert work.parked_at == NOON


def test_the_mornings_letter_is_stopped_and_wanted_again_by_oneself_alone(client, shop, owner):
    colleague = make_member(shop, Role.STAFF)

    client.post(f"{TODAY}digest/", {"to": "off"})
    stopped = set(Membership.objects.filter(wants_digest=False).values_list("user", flat=True))
    client.post(f"{TODAY}digest/", {"to": "on"})

    assert stopped == {owner.pk}
    assert Membership.objects.filter(wants_digest=True, user=colleague).exists()
    assert not Membership.objects.filter(wants_digest=False).exists()


def queries(client: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(TODAY)
    return len(asked)


def test_the_page_asks_the_same_few_questions_however_long(client, shop, owner):
    settled = {"state": SuggestionState.DONE, "settled_by": owner, "settled_at": timezone.now()}
    counts = []
    client.get(TODAY)  # the first page of a session asks more
    for number in (1, 2):
        for each in range(number):
            propose(shop, "empathy.answer", "empathy.rest")
            propose(shop, "engagement.thank", **settled)
            park(shop, ref=1_000_000 * number + each)
        counts.append(queries(client))

    assert counts[0] == counts[1]
