import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from crm.shops.enums import Role
from crm.shops.models import MemberInvitation, Membership
from crm.shops.people.services import OPEN_FOR
from crm.tenancy.door import tenant
from tests.factories import make_invitation, make_member, make_user, sign_in

pytestmark = pytest.mark.django_db

PEOPLE = "/shops/otonari/settings/people/"


@pytest.fixture
def at_desk(client, owner, shop):
    """The owner, who has shown who they are."""
    sign_in(client, owner)
    return client


@pytest.fixture
def invited(shop, owner):
    with tenant(shop):
        return make_invitation(shop, by=owner, email="ren@otonari.example")


def members(shop):
    return {m.user.email: m.role for m in Membership.objects.filter(shop=shop)}


def test_a_colleague_is_invited_and_signs_up_on_the_way_in(at_desk, shop):
    at_desk.post(f"{PEOPLE}invite/", {"email": "ren@otonari.example", "role": "staff"})
    path = re.search(r"(/join/\S+)", mail.outbox[-1].body)[1]
    ren = Client()
    assert "ren@otonari.example" not in ren.get(path).content.decode()

    ren.post(
        f"/signup/?next={path}", {"email": "ren@otonari.example", "password1": "asa no ocha 123"}
    )
    code = re.search(r"[A-Z]{4}-[A-Z]{4}", mail.outbox[-1].body)[0]
    back = ren.post(f"/signup/code/?next={path}", {"code": code})
    joined = ren.post(path)

    assert back.headers["Location"] == path
    assert joined.headers["Location"] == "/shops/otonari/"
    assert members(shop)["ren@otonari.example"] == "staff"


def test_who_has_an_account_signs_in_on_the_way(invited, client, shop):
    ren = make_user("ren@otonari.example")
    path = f"/join/{invited.token}/"

    asked = client.post(path)
    client.force_login(ren)
    client.post(path)

    assert asked.headers["Location"].startswith("/login/?next=/join/")
    assert ren.email in members(shop)
    assert client.get(path).headers["Location"] == "/shops/otonari/"


def test_opening_the_link_lets_nobody_in(invited, client, shop):
    client.force_login(make_user("ren@otonari.example"))

    for method in ("get", "head", "options"):
        getattr(client, method)(f"/join/{invited.token}/")

    assert "ren@otonari.example" not in members(shop)


def test_with_somebody_elses_account_the_page_says_whose_it_is_and_lets_nobody_in(
    invited, client, shop
):
    client.force_login(make_user("somebody@otonari.example"))

    response = client.post(f"/join/{invited.token}/")

    assert response.status_code == 403
    assert "r…@otonari.example" in response.content.decode()
    assert "somebody@otonari.example" not in members(shop)


def test_a_link_that_is_too_old_is_explained(invited, client, shop):
    with tenant(shop):
        MemberInvitation.objects.update(expires_at=timezone.now() - OPEN_FOR)

    response = client.get(f"/join/{invited.token}/")

    assert response.status_code == 410
    assert "おとなり茶舗" not in response.content.decode()


def test_inviting_asks_first_who_it_is(client, owner, shop):
    client.force_login(owner)

    response = client.post(f"{PEOPLE}invite/", {"email": "x@y.example", "role": "owner"})

    assert response.headers["Location"].startswith("/account/again/?next=")
    assert mail.outbox == []


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b.example\r\nBcc: c@d.example", "a\x00@b.c"]
)
def test_what_is_no_address_is_not_written_to(at_desk, email):
    response = at_desk.post(f"{PEOPLE}invite/", {"email": email, "role": "staff"})

    assert response.status_code == 422
    assert mail.outbox == []


def test_nobody_is_made_what_there_is_no_role_for(at_desk):
    response = at_desk.post(f"{PEOPLE}invite/", {"email": "x@y.example", "role": "god"})

    assert response.status_code == 422


def test_a_role_is_changed_and_somebody_taken_out(at_desk, shop):
    staff = make_member(shop, Role.STAFF)
    number = staff.memberships.get().pk

    at_desk.post(f"{PEOPLE}{number}/role/", {"role": "viewer"})
    assert members(shop)[staff.email] == "viewer"
    at_desk.post(f"{PEOPLE}{number}/remove/")
    assert staff.email not in members(shop)


def test_whoever_is_taken_out_finds_the_door_closed_at_once(at_desk, shop):
    staff = make_member(shop, Role.STAFF)
    their = Client()
    their.force_login(staff)
    assert their.get("/shops/otonari/settings/people/").status_code == 403

    at_desk.post(f"{PEOPLE}{staff.memberships.get().pk}/remove/")

    assert their.get("/shops/otonari/today/").status_code == 404


def test_the_last_owner_is_told_what_to_do_first(at_desk, owner, shop):
    number = owner.memberships.get().pk

    answers = [
        at_desk.post(f"{PEOPLE}{number}/role/", {"role": "staff"}),
        at_desk.post(f"{PEOPLE}{number}/remove/"),
        at_desk.post("/shops/otonari/leave/"),
    ]

    assert [response.status_code for response in answers] == [422, 422, 422]
    assert members(shop) == {owner.email: "owner"}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.VIEWER])
def test_anybody_may_leave_and_nobody_below_an_owner_touches_others(role, shop, client, owner):
    member = make_member(shop, role)
    sign_in(client, member)
    number = owner.memberships.get().pk

    refused = [
        client.post(f"{PEOPLE}{number}/remove/"),
        client.post(f"{PEOPLE}{number}/role/", {"role": "viewer"}),
        client.post(f"{PEOPLE}invite/", {"email": "x@y.example", "role": "owner"}),
    ]
    left = client.post("/shops/otonari/leave/")

    assert [response.status_code for response in refused] == [403, 403, 403]
    assert left.headers["Location"] == "/"
    assert members(shop) == {owner.email: "owner"}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_few_questions_however_long(
    number, at_desk, shop, owner, django_assert_num_queries
):
    with tenant(shop):
        for place in range(number):
            make_member(shop, Role.STAFF)
            make_invitation(shop, by=owner, email=f"p{place}@x.example")
    at_desk.get(PEOPLE)

    # session, user, memberships; into the shop and out again; people, invitations
    with django_assert_num_queries(9):
        at_desk.get(PEOPLE)
