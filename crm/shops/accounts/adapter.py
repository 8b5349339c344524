"""How django-allauth behaves here: its words, its mails, and what it writes down."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from crm.shops.accounts import words
from crm.shops.accounts.journal import note_failure
from crm.shops.accounts.sealing import seal, unseal
from crm.shops.models import User


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | words.ERRORS

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> User:
        # The language somebody signed up in is the one their mails are written in.
        user.locale = translation.get_language()
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what is worth saying; that somebody has signed in they see for themselves."""
        said = message or words.NOTES.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to one person in their own language; to a stranger in that of the page."""
        known = User.objects.filter(email=email.lower()).first()
        language = (known and known.locale) or translation.get_language()
        with translation.override(language):
            self.render_mail(template_prefix, email, {**context, "email": email}).send()

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """One plain text, whose first line is the subject."""
        context = {**context, "base_url": settings.BASE_URL}
        said = render_to_string(f"{template_prefix}.txt", context).strip()
        subject, _, text = said.partition("\n")
        return EmailMessage(
            subject, text.strip() + "\n", to=[email] if isinstance(email, str) else email
        )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a password for a while after too many wrong ones, and tell whose it is.

        By mail, once an hour: that they can come in with a code meanwhile, whoever it is
        that guesses. On the page nothing tells whether the account exists.
        """
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._tell_of_guessing(str(credentials.get("email", "")))
            raise

    def _tell_of_guessing(self, email: str) -> None:
        known = User.objects.filter(email=email.lower()).first()
        if known and cache.add(f"told-of-guessing:{known.pk}", True, timeout=3600):
            self.send_notification_mail("account/email/locked", known)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        if kwargs.get("signup"):
            # They typed a password and a code just now: neither need be asked for again.
            record_authentication(request, user, method="password", reauthenticated=True)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_failure(request, email=str(credentials.get("email", "")))


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | words.FACTOR_ERRORS

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
