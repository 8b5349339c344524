import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from crm.shops.enums import Act, Role
from crm.shops.models import AuditEntry, MemberInvitation, Membership, Shop
from crm.shops.people import services
from crm.shops.people.services import MOST_OPEN, OPEN_FOR, accept, change_role, invite, remove
from crm.shops.people.tokens import read_join_token
from crm.tenancy.door import tenant
from tests.factories import make_member, make_shop, make_user

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def inside(shop):
    with tenant(shop):
        yield shop


@pytest.fixture
def invited(inside, owner):
    """ren@… is invited as staff."""
    return invite(shop=inside, email="ren@otonari.example", role=Role.STAFF, by=owner, now=NOW)


def link_in_mail():
    """What the latest mail's link carries."""
    (line,) = [line for line in mail.outbox[-1].body.splitlines() if "/join/" in line]
    return read_join_token(line.split("/join/")[1].strip("/"))


def acts():
    return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))


def test_an_invitation_is_a_link_by_mail_of_which_only_a_hash_is_kept(invited, owner):
    (message,) = mail.outbox
    link = link_in_mail()

    assert message.to == ["ren@otonari.example"]
    assert owner.email in message.body
    assert link.secret not in str(MemberInvitation.objects.values().get())
    assert len(invited.sha256) == 64


def test_the_invited_person_comes_in_once(invited):
    ren, link = make_user("ren@otonari.example"), link_in_mail()

    first = accept(link, user=ren, now=NOW)
    second = accept(link, user=ren, now=NOW)

    assert first.role == Role.STAFF
    assert second is None
    assert acts() == [Act.COLLEAGUE_INVITED, Act.COLLEAGUE_JOINED]


def test_whoever_else_holds_the_link_does_not_come_in(invited, inside):
    somebody = make_user("somebody@otonari.example")

    assert accept(link_in_mail(), user=somebody, now=NOW) is None
    assert not Membership.objects.filter(user=somebody).exists()


@pytest.mark.parametrize(("late", "comes_in"), [(-1, True), (0, False), (1, False)])
def test_the_link_is_good_for_a_week(invited, late, comes_in):
    ren = make_user("ren@otonari.example")

    came = accept(link_in_mail(), user=ren, now=NOW + OPEN_FOR + timedelta(seconds=late))

    assert (came is not None) is comes_in


def test_a_link_that_was_taken_back_opens_nothing(invited, owner):
    services.revoke(invited, by=owner, now=NOW)

    assert accept(link_in_mail(), user=make_user("ren@otonari.example"), now=NOW) is None


def test_sending_again_makes_the_link_before_worthless(invited, owner):
    ren, old = make_user("ren@otonari.example"), link_in_mail()
    later = NOW + OPEN_FOR

    services.renew(invited, by=owner, now=later)

    assert accept(old, user=ren, now=later) is None
    assert accept(link_in_mail(), user=ren, now=later) is not None


def test_another_shops_link_with_our_numbers_opens_nothing(invited, other_shop):
    link = link_in_mail()
    forged = type(link)(other_shop.pk, link.invitation_id, link.secret)

    assert accept(forged, user=make_user("ren@otonari.example"), now=NOW) is None


@pytest.mark.parametrize("address", ["ren@otonari.example", " REN@Otonari.example "])
def test_nobody_is_invited_twice_in_whichever_case(invited, inside, owner, address):
    with pytest.raises(ValidationError):
        invite(shop=inside, email=address, role=Role.VIEWER, by=owner, now=NOW)


def test_a_colleague_is_not_invited(inside, owner):
    with pytest.raises(ValidationError):
        invite(shop=inside, email=owner.email, role=Role.VIEWER, by=owner, now=NOW)


def test_a_shop_cannot_write_to_the_whole_world(inside, owner):
    for number in range(MOST_OPEN):
        invite(shop=inside, email=f"p{number}@x.example", role=Role.STAFF, by=owner, now=NOW)

    with pytest.raises(ValidationError):
        invite(shop=inside, email="one@x.example", role=Role.STAFF, by=owner, now=NOW)


def test_inviting_says_the_same_of_who_has_an_account_and_who_has_not(inside, owner):
    make_user("known@otonari.example")

    for address in ("known@otonari.example", "unknown@otonari.example"):
        invite(shop=inside, email=address, role=Role.STAFF, by=owner, now=NOW)

    known, unknown = (message.body for message in mail.outbox)
    assert known.splitlines()[0] == unknown.splitlines()[0]


def test_the_mail_names_the_address_of_who_invites_and_not_what_they_call_themselves(inside, owner):
    owner.name = "Your bank"
    owner.save()

    invite(shop=inside, email="ren@otonari.example", role=Role.STAFF, by=owner, now=NOW)

    assert "Your bank" not in mail.outbox[-1].body


def test_the_last_owner_stays_one(inside, owner):
    (own,) = Membership.objects.filter(shop=inside)

    for act in (lambda: change_role(own, Role.STAFF, by=owner), lambda: remove(own, by=owner)):
        with pytest.raises(ValidationError):
            act()

    own.refresh_from_db()
    assert own.role == Role.OWNER
    assert acts() == []


def test_who_was_taken_out_meanwhile_stays_out(inside, owner):
    ren = make_member(inside, Role.STAFF)
    seen = Membership.objects.get(shop=inside, user=ren)
    remove(Membership.objects.get(pk=seen.pk), by=owner)

    change_role(seen, Role.OWNER, by=owner)
    remove(seen, by=owner)

    assert not Membership.objects.filter(shop=inside, user=ren).exists()
    assert AuditEntry.objects.filter(act=Act.COLLEAGUE_REMOVED).count() == 1


def test_with_another_owner_one_may_go(inside, owner):
    other = make_member(inside, Role.OWNER)
    own = Membership.objects.get(shop=inside, user=owner)

    change_role(own, Role.VIEWER, by=other)
    remove(own, by=owner)

    assert [m.user for m in Membership.objects.filter(shop=inside)] == [other]
    assert acts() == [Act.ROLE_CHANGED, Act.COLLEAGUE_LEFT]


def test_an_owner_of_another_shop_is_no_owner_of_this_one(inside, owner, other_shop):
    make_shop(owner=owner)

    with pytest.raises(ValidationError):
        remove(Membership.objects.get(shop=inside), by=owner)


def test_who_is_taken_out_is_out_and_it_is_written_down_by_whom(inside, owner):
    staff = make_member(inside, Role.STAFF)

    remove(Membership.objects.get(user=staff), by=owner)

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor_name, entry.about) == (
        Act.COLLEAGUE_REMOVED,
        owner.email,
        staff.email,
    )


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_take_each_other_out_at_once_leave_one():
    first, second = make_user(), make_user()
    shop = make_shop(owner=first)
    Membership.objects.create(shop=shop, user=second, role=Role.OWNER)
    ready = threading.Barrier(2)

    def take_out(whom, by):
        try:
            with tenant(shop):
                membership = Membership.objects.get(shop=shop, user=whom)
                ready.wait(10)
                remove(membership, by=by)
        except ValidationError:
            pass
        finally:
            connection.close()

    pairs = [(second, first), (first, second)]
    threads = [threading.Thread(target=take_out, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert Membership.objects.filter(shop=shop, role=Role.OWNER).count() == 1
    assert Shop.objects.filter(pk=shop.pk).exists()


@pytest.mark.parametrize(
    "token",
    ["", "1-2", "1-2.short", "x-2." + "a" * 43, "1-2." + "あ" * 43, "１-2." + "a" * 43,
     "1-2." + "a" * 44, "9" * 19 + "-2." + "a" * 43, "1-2." + "a" * 43 + "\n"],
)  # fmt: skip
def test_what_can_be_no_token_of_ours_says_nothing(token):
    assert read_join_token(token) is None
