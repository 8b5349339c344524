"""What happens to accounts, written down for good; and a new session key where power changed."""

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from crm.shops.accounts.single_use import note_set_up
from crm.shops.enums import AccountAct
from crm.shops.models import AccountEntry, User


def note(act: AccountAct, *, request: Any, user: User | None, about: str = "") -> None:
    """Write one entry about a person's account, with where the request came from."""
    AccountEntry.objects.create(
        act=act, user_id=user.pk if user else None, ip=_address_of(request), about=about[:100]
    )


def note_failure(request: HttpRequest, *, email: str) -> None:
    """Somebody did not get in; whose account it was about is known only if there is one."""
    known = User.objects.filter(email=email.lower()).first()
    note(AccountAct.SIGN_IN_FAILED, request=request, user=known)


def _address_of(request: Any) -> str | None:
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # no address at all, as on a socket without a proxy
        return None


def listen() -> None:
    """Have every signal of allauth that tells of a change in who may do what written down."""
    told = {
        account.user_logged_in: AccountAct.SIGNED_IN,
        account.user_logged_out: AccountAct.SIGNED_OUT,
        account.user_signed_up: AccountAct.SIGNED_UP,
        account.password_changed: AccountAct.PASSWORD_CHANGED,
        account.password_set: AccountAct.PASSWORD_CHANGED,
        account.password_reset: AccountAct.PASSWORD_RESET,
        account.email_changed: AccountAct.ADDRESS_CHANGED,
        factors.authenticator_added: AccountAct.FACTOR_ADDED,
        factors.authenticator_removed: AccountAct.FACTOR_REMOVED,
        factors.authenticator_reset: AccountAct.FACTOR_RENEWED,
        account.login_code_rejected: AccountAct.SIGN_IN_FAILED,
        account.password_reset_code_rejected: AccountAct.SIGN_IN_FAILED,
        factors.authentication_failed: AccountAct.SIGN_IN_FAILED,
    }
    for signal, act in told.items():
        signal.connect(_writer(act), weak=False, dispatch_uid=f"journal.{act}")
    factors.authenticator_added.connect(note_set_up, dispatch_uid="journal.set_up")
    for signal in (
        factors.authenticator_added,
        factors.authenticator_removed,
        factors.authenticator_reset,
    ):
        signal.connect(_renew_session, dispatch_uid="journal.renew")


def _writer(act: AccountAct) -> Any:
    def write(sender: Any, request: Any, user: User | None = None, **told: Any) -> None:
        kind = getattr(told.get("authenticator"), "type", "")
        is_by_the_way = act == AccountAct.FACTOR_ADDED and kind == Authenticator.Type.RECOVERY_CODES
        is_first_address = act == AccountAct.ADDRESS_CHANGED and not told.get("from_email_address")
        if not (is_by_the_way or is_first_address):
            note(act, request=request, user=user, about=kind)

    return write


def _renew_session(sender: Any, request: Any, **kwargs: Any) -> None:
    # ASVS 7.2.4: who may do more than a moment ago does not do it under the same key.
    request.session.cycle_key()
    UserSession.objects.create_from_request(request)
