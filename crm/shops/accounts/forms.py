"""django-allauth's forms in our words. What they check stays theirs."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factors
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.shops.models import User

LABELS = {
    "login": _("e-mail address"),
    "email": _("e-mail address"),
    "password": _("password"),
    "oldpassword": _("present password"),
    "password1": _("new password"),
    "password2": _("new password, once more"),
    "code": _("code"),
    "name": _("what to call it"),
}
HELP = {"password1": _("12 characters or more.")}


class Worded:
    """Labels and help of our own, no text inside an input, and an address's own keyboard."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs["autocapitalize"] = "characters"


class LoginForm(Worded, account.LoginForm):
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
    pass


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):
    pass


class ConfirmEmailCodeForm(Worded, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmResetCodeForm(Worded, account.ConfirmPasswordResetCodeForm):
    pass


class SecondStepForm(Worded, factors.AuthenticateForm):
    pass


class SecondStepAgainForm(Worded, factors.ReauthenticateForm):
    pass


class SetUpAppForm(Worded, totp.ActivateTOTPForm):
    pass


class AddPasskeyForm(Worded, passkeys.AddWebAuthnForm):
    pass


class NameForm(forms.ModelForm):
    """What colleagues call somebody."""

    class Meta:
        model = User
        fields = ["name"]
