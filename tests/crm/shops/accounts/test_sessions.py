import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from crm.shops.accounts.devices import device_of
from crm.shops.accounts.sessions import IDLE, LONGEST, LOOK_EVERY

pytestmark = pytest.mark.django_db

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
DESK = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


def is_in(client):
    return client.get("/account/").status_code == 200


def let_pass(client, **seconds):
    """Let these moments of the session be so long ago."""
    session = client.session
    for name, ago in seconds.items():
        session[name] -= ago
    session.save()


@pytest.mark.parametrize("ago", [{"seen": IDLE + 1}, {"since": LONGEST + 1, "seen": 0}])
def test_who_was_away_too_long_or_signed_in_too_long_ago_signs_in_again(miura, client, ago):
    client.force_login(miura)
    assert is_in(client)

    let_pass(client, **ago)

    assert not is_in(client)
    assert not is_in(client), "for good, not for one page"


@pytest.mark.parametrize("ago", [{"seen": IDLE - 60}, {"since": LONGEST - 60, "seen": 0}])
def test_who_was_not_stays(miura, client, ago):
    client.force_login(miura)
    assert is_in(client)

    let_pass(client, **ago)

    assert is_in(client)


def test_a_page_now_and_then_keeps_one_signed_in(miura, client):
    client.force_login(miura)
    for _ in range(5):
        assert is_in(client)
        let_pass(client, seen=IDLE - 60)

    assert is_in(client)


def test_within_ten_minutes_a_page_writes_nothing(miura, client, django_assert_num_queries):
    client.force_login(miura)
    is_in(client)
    let_pass(client, seen=LOOK_EVERY - 60)

    with django_assert_num_queries(2):  # session, user
        is_in(client)


def test_the_list_names_every_device_and_signs_out_the_others(miura, type_password, client):
    type_password(headers={"User-Agent": DESK})
    phone = Client(headers={"User-Agent": PHONE})
    phone.post("/login/", {"login": miura.email, "password": "correct horse battery"})

    html = client.get("/account/sessions/").content.decode()
    assert "Windows, Edge" in html
    assert "iPhone, Safari" in html
    client.post("/account/sessions/")

    assert is_in(client)
    assert not is_in(phone)
    assert UserSession.objects.count() == 1


def test_nobody_sees_or_ends_anybody_elses_session(miura, type_password, client, django_user_model):
    stranger = django_user_model.objects.create_user("x@yosono.example", "correct horse battery")
    theirs = Client(headers={"User-Agent": PHONE})
    theirs.post("/login/", {"login": stranger.email, "password": "correct horse battery"})
    type_password()

    html = client.get("/account/sessions/").content.decode()
    client.post("/account/sessions/")

    assert "iPhone" not in html
    assert is_in(theirs)


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (PHONE, "iPhone, Safari"),
        (DESK, "Windows, Edge"),
        ("Mozilla/5.0 (Macintosh) Firefox/143.0", "Mac, Firefox"),
        ("curl/8", "不明な端末"),
        ("", "不明な端末"),
    ],
)
def test_a_device_is_called_what_people_call_it(user_agent, device):
    from django.utils import translation

    with translation.override("ja"):
        assert device_of(user_agent) == device
