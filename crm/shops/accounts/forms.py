"""django-allauth's forms in our words. What they check stays theirs."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.shops.accounts.single_use import remember_set_up, spend
from crm.shops.models import User

LABELS = {
    "login": _("e-mail address"),
    "email": _("e-mail address"),
    "password": _("password"),
    "oldpassword": _("present password"),
    "password1": _("new password"),
    "code": _("code"),
    "name": _("what to call it"),
}
HELP = {"password1": _("12 characters or more.")}


class Worded:
    """Labels and help of our own, and no text inside an input.

    A new password is asked for once, as when signing up: who mistypes it can choose another.
    """

    fields: dict[str, forms.Field]
    begins: str | None = None  # the field to type in at once, on a page that asks nothing else

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        if self.begins:
            self.fields[self.begins].widget.attrs["autofocus"] = True
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs["autocapitalize"] = "characters"


class LoginForm(Worded, account.LoginForm):
    begins = "login"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(Worded, account.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = LABELS["password"]


class AddEmailForm(Worded, account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("new address")


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    pass


class SetPasswordForm(Worded, account.SetPasswordForm):
    pass


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    begins = "password"


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):
    begins = "code"


class ConfirmEmailCodeForm(Worded, account.ConfirmEmailVerificationCodeForm):
    begins = "code"


class ConfirmResetCodeForm(Worded, account.ConfirmPasswordResetCodeForm):
    begins = "code"


class _SpendsDigits:
    """An app's digits are taken once."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        authenticator = self.authenticator  # type: ignore[attr-defined]
        if authenticator.type == Authenticator.Type.TOTP and not spend(authenticator, code):
            self._emit_authentication_failed(authenticator)  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(_SpendsDigits, Worded, factors.AuthenticateForm):
    begins = "code"


class SecondStepAgainForm(_SpendsDigits, Worded, factors.ReauthenticateForm):
    begins = "code"


class SetUpAppForm(Worded, totp.ActivateTOTPForm):
    def clean_code(self) -> str:
        code: str = super().clean_code()
        remember_set_up(self.secret, code)
        return code


class CredentialField(forms.JSONField):
    """What a browser says of a passkey; Python refuses to read the longest numbers of JSON."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as unreadable:
            message = self.error_messages["invalid"]
            raise forms.ValidationError(message, code="invalid") from unreadable


class AddPasskeyForm(Worded, passkeys.AddWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)


class PasskeySignInForm(passkeys.LoginWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)


class PasskeyStepForm(passkeys.AuthenticateWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)


class PasskeyStepAgainForm(passkeys.ReauthenticateWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)


class NameForm(forms.ModelForm):
    """What colleagues call somebody."""

    class Meta:
        model = User
        fields = ["name"]
