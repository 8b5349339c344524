"""Who sees which page: its shop's owner, a guest, or somebody half way through a door.

Everybody is made without a browser, by the forms themselves, and handed over as a session.
"""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from crm.shops.models import User
from tests.crm.shops.accounts.conftest import PASSWORD, code_in_mail
from tests.factories import make_user, sign_in


def owner() -> Client:
    """The owner of the furnished shop, who typed the password just now."""
    return signed_in(User.objects.get(email="owner@otonari.example"))


def guest() -> Client:
    """Nobody we know."""
    return Client()


def newcomer() -> Client:
    """Has signed up and waits for the mail."""
    return _after("/signup/", {"email": "new@otonari.example", "password1": PASSWORD})


def caller() -> Client:
    """Has asked for a code to sign in with."""
    user = make_user("caller@otonari.example", PASSWORD)
    return _after("/login/code/", {"email": user.email})


def forgetful() -> Client:
    """Has forgotten the password and asked for a code."""
    user = make_user("forgetful@otonari.example", PASSWORD)
    return _after("/password/reset/", {"email": user.email})


def proven() -> Client:
    """Has forgotten the password and typed the code."""
    user = make_user("proven@otonari.example", PASSWORD)
    client = _after("/password/reset/", {"email": user.email})
    return _after("/password/reset/code/", {"code": code_in_mail()}, client)


def passwordless() -> Client:
    """Came in by an invitation, and has no password yet."""
    user = make_user("passwordless@otonari.example")
    user.set_unusable_password()
    user.save()
    return signed_in(user)


def guarded() -> Client:
    """Signs in with an app besides, and has a passkey and codes on paper."""
    user = _with_app("guarded@otonari.example")
    RecoveryCodes.activate(user)
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "店のスマートフォン", "credential": {}},
    )
    return signed_in(user)


def half_in() -> Client:
    """Has typed the password; the app is asked for next."""
    user = _with_app("half-in@otonari.example")
    return _after("/login/", {"login": user.email, "password": PASSWORD})


#: Whom it takes, where the owner would only be sent elsewhere.
WHO: dict[str, Callable[[], Client]] = {
    **dict.fromkeys(
        ["login", "account_login", "account_signup", "account_request_login_code", "join"], guest
    ),
    "account_email_verification_sent": newcomer,
    "account_confirm_login_code": caller,
    "account_confirm_password_reset_code": forgetful,
    "account_complete_password_reset": proven,
    "account_set_password": passwordless,
    "mfa_authenticate": half_in,
    **dict.fromkeys(
        [
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_reauthenticate",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
        ],
        guarded,
    ),
}


def signed_in(user: User) -> Client:
    """As if they had typed their password just now."""
    client = Client()
    sign_in(client, user)
    return client


def session_of(client: Client) -> str:
    """What the browser is to be given; empty for somebody who has none."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""


def let_in(page: Page, url: str, session: str) -> None:
    """Sign this browser in, or leave it a guest's."""
    if session:
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": session, "url": url}])


def passkey() -> int:
    """The id that an address takes, of the passkey of somebody guarded."""
    return Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk


def _after(address: str, body: dict[str, str], client: Client | None = None) -> Client:
    client = client or Client()
    answer = client.post(address, body)
    assert answer.status_code == 302, answer.content.decode()
    return client


def _with_app(email: str) -> User:
    user = make_user(email, PASSWORD)
    TOTP.activate(user, generate_totp_secret())
    return user
