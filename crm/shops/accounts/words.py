"""What is said about accounts: courteous in both languages, and the same to friend and stranger."""

from django.utils.translation import gettext_lazy as _

ERRORS = {
    "account_inactive": _("This account is not in use at present."),
    "email_password_mismatch": _("The address and the password do not go together."),
    "email_taken": _("Please use another address."),
    "duplicate_email": _("This is your address already."),
    "same_as_current": _("This is your address already."),
    "enter_current_password": _("Please type your present password."),
    "incorrect_password": _("This is not your present password."),
    "incorrect_code": _("The code does not match. Please look at it once more."),
    "too_many_login_attempts": _(
        "This was tried too often. Please wait five minutes, or have a code sent to you by mail."
    ),
    "rate_limited": _("This was asked very often. Please wait a little."),
    "unverified_primary_email": _("Please confirm your address first."),
}

FACTOR_ERRORS = {
    "incorrect_code": ERRORS["incorrect_code"],
    "rate_limited": ERRORS["rate_limited"],
    "unverified_email": ERRORS["unverified_primary_email"],
    "add_email_blocked": _("Please take away the second step of signing in first."),
    "cannot_delete_authenticator": _("This cannot be taken away."),
    "cannot_generate_recovery_codes": _("Spare codes need a second step of signing in."),
}

#: By the names allauth gives its messages; what is not here is not said.
NOTES = {
    "account/messages/email_confirmation_sent.txt": _("We have sent you a mail with a code."),
    "account/messages/email_confirmed.txt": _("Your address is confirmed."),
    "account/messages/email_confirmation_failed.txt": _("This address cannot be used."),
    "account/messages/email_deleted.txt": _("The address is no longer kept."),
    "account/messages/login_code_sent.txt": _("We have sent you a mail with a code."),
    "account/messages/logged_out.txt": _("You have signed out."),
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is changed."),
    "mfa/messages/totp_activated.txt": _("From now on your app gives the second step."),
    "mfa/messages/totp_deactivated.txt": _("The app is no longer asked for."),
    "mfa/messages/webauthn_added.txt": _("The passkey is kept."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is taken away."),
    "mfa/messages/recovery_codes_generated.txt": _("Your spare codes are ready."),
    "usersessions/messages/sessions_logged_out.txt": _("You are signed out there."),
}
