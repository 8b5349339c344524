"""Every address of the site, with what it takes to knock at its door.

`test_stranger.py` and `test_bad_input.py` go through all of them, so that a new address
without a case here fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, get_resolver, reverse

from crm.complaints.services import rebuild
from crm.customers.notes import write_note
from crm.followups.enums import Call
from crm.followups.models import Suggestion
from crm.ledger.enums import Kind
from crm.mail.tokens import unsubscribe_url
from crm.models import Work
from crm.shops.enums import Action, Role, Scope
from crm.shops.models import Shop, User
from crm.shops.services import issue_api_key
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from diagnosis.leads import confirm_token
from surveys.answering import record_answer
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import answer_url, invite
from surveys.opening import open_invitation
from surveys.services import begin_survey
from tests.crm.imports.files import uploaded
from tests.diagnosis.sheets import begun, finished, lead_of, open_version_of
from tests.factories import (
    NOON,
    make_customer,
    make_invitation,
    make_member,
    make_purchase,
    make_shop,
    make_touchpoint,
    make_user,
)

SECRET = "himitsu"


@dataclass(frozen=True)
class Case:
    """How an address is asked, and of whom it wants to know what: of a member that they may do
    `action`, of a machine its key, of a customer their link; of anybody else nothing. A quiz is
    open to anybody, and what was answered to those who hold its address."""

    action: Action | None = None
    wants_key: bool = False
    wants_link: bool = False
    is_of_quiz: bool = False
    method: str = "get"
    body: dict[str, str] = field(default_factory=dict)


READ = Case(Action.READ)
LINK = Case(wants_link=True)
KEY = Case(wants_key=True)
ANYBODY = Case()

CASES = {
    "home": ANYBODY,
    **dict.fromkeys(
        ["login", "account_login"],
        Case(method="post", body={"login": "a@example.com", "password": "no"}),
    ),
    **dict.fromkeys(["logout", "account_logout"], Case(method="post")),
    **dict.fromkeys(
        ["password_change", "account_change_password"],
        Case(method="post", body={"oldpassword": "no", "password1": "a"}),
    ),
    "account": Case(method="post", body={"name": "三浦"}),
    "account_signup": Case(method="post", body={"email": "a@example.com", "password1": "no"}),
    "account_email_verification_sent": Case(method="post", body={"code": "no"}),
    "account_request_login_code": Case(method="post", body={"email": "a@example.com"}),
    "account_confirm_login_code": Case(method="post", body={"code": "no"}),
    "account_inactive": ANYBODY,
    "account_set_password": Case(method="post", body={"password1": "a"}),
    "account_reset_password": Case(method="post", body={"email": "a@example.com"}),
    "account_confirm_password_reset_code": Case(method="post", body={"code": "no"}),
    "account_complete_password_reset": Case(method="post", body={"password1": "a"}),
    "account_password_reset_completed": ANYBODY,
    "account_reauthenticate": Case(method="post", body={"password": "no"}),
    "account_email": Case(method="post", body={"email": "b@example.com", "action_add": "1"}),
    "usersessions_list": Case(method="post"),
    "mfa_login_webauthn": Case(method="post", body={"credential": "{}"}),
    "mfa_authenticate": Case(method="post", body={"code": "no"}),
    "mfa_reauthenticate": Case(method="post", body={"code": "no"}),
    "mfa_reauthenticate_webauthn": Case(method="post", body={"credential": "{}"}),
    "mfa_index": ANYBODY,
    "mfa_list_webauthn": ANYBODY,
    "mfa_activate_totp": Case(method="post", body={"code": "no"}),
    "mfa_deactivate_totp": Case(method="post"),
    "mfa_view_recovery_codes": ANYBODY,
    "mfa_generate_recovery_codes": Case(method="post"),
    "mfa_add_webauthn": Case(method="post", body={"name": "鍵", "credential": "{}"}),
    "mfa_remove_webauthn": Case(method="post"),
    "language": Case(method="post", body={"language": "en", "next": "/"}),
    "healthz": ANYBODY,
    "readyz": ANYBODY,
    "style": ANYBODY,
    "mailbox": ANYBODY,
    "mailbox_mail": ANYBODY,
    "mailbox_html": ANYBODY,
    "shop": READ,
    "today": READ,
    "retry": Case(Action.WORK, method="post"),
    "digest": Case(Action.WORK, method="post", body={"to": "off"}),
    "suggestions": READ,
    "suggestion": READ,
    **dict.fromkeys(
        ["suggestion_save", "suggestion_approve"],
        Case(
            Action.WORK,
            method="post",
            body={
                "revision": "0",
                "subject": "お返事",
                "personal": "縁側でお淹れになったのですね。",
            },
        ),
    ),
    "suggestion_dismiss": Case(Action.WORK),
    "suggestion_done": Case(Action.WORK),
    "suggestion_later": Case(Action.WORK, method="post"),
    "suggestion_undo": Case(Action.WORK, method="post"),
    "suggestions_quiet": Case(Action.WORK, method="post", body={"id": "1"}),
    "answered": Case(Action.WORK, method="post", body={"channel": "phone"}),
    "unanswered": Case(Action.WORK, method="post"),
    "customers": READ,
    "customers_export": Case(Action.EXPORT, method="post"),
    "customer_new": Case(
        Action.WORK, method="post", body={"name": "Taken over", "key": "ab" * 16, "email": ""}
    ),
    "customer_edit": Case(Action.WORK, method="post", body={"name": "Taken over", "email": ""}),
    "entry": Case(Action.WORK, method="post", body={"key": "ab" * 16, "text": "Taken over"}),
    "note": Case(Action.WORK, method="post", body={"key": "ab" * 16, "text": "Taken over"}),
    "note_remove": Case(Action.WORK, method="post"),
    "fact_change": Case(Action.WORK, method="post"),
    "complaints": READ,
    "complaint": READ,
    "complaint_assign": Case(
        Action.WORK, method="post", body={"theme": "price", "due_at": "2026-05-12T12:00"}
    ),
    "complaint_respond": Case(
        Action.WORK, method="post", body={"key": "ab" * 16, "text": "Taken over"}
    ),
    "complaint_close": Case(Action.WORK, method="post", body={"key": "cd" * 16}),
    "complaint_reopen": Case(Action.WORK, method="post", body={"key": "ef" * 16}),
    "complaint_recovery": Case(
        Action.WORK, method="post", body={"key": "ab" * 16, "felt": "1", "text": "Taken over"}
    ),
    "customer": READ,
    "customer_export": Case(Action.EXPORT, method="post"),
    "customer_wishes": Case(
        Action.WORK, method="post", body={"topics": "survey", "rest": "1", "how": "phone"}
    ),
    "customer_erase": Case(Action.ERASE),  # its own tests send it
    "mails": READ,
    "figures": READ,
    "figures_count": Case(Action.WORK, method="post"),
    "new_shop": Case(method="post", body={"name": "もう一つの店", "slug": "", "locale": "ja"}),
    "welcome": READ,
    "leave_shop": READ,  # what is gone after a POST is only looked at; its own tests send it
    "join": Case(wants_link=True, method="post"),
    "settings": Case(Action.OWN, method="post", body={"name": "Taken over", "locale": "en"}),
    "audit": Case(Action.OWN),
    "restraint": Case(
        Action.OWN,
        method="post",
        body={
            "distance_days": "9",
            "budget": "3",
            "night_from": "20:00",
            "night_until": "9:00",
            "tolerance": "1",
        },
    ),
    "people": Case(Action.MANAGE_PEOPLE),
    "people_invite": Case(Action.MANAGE_PEOPLE),
    "people_role": Case(Action.MANAGE_PEOPLE, method="post", body={"role": "viewer"}),
    "people_remove": Case(Action.MANAGE_PEOPLE),
    "invitation_renew": Case(Action.MANAGE_PEOPLE, method="post"),
    "invitation_revoke": Case(Action.MANAGE_PEOPLE, method="post"),
    "keys": Case(Action.MANAGE_KEYS),
    "key_new": Case(Action.MANAGE_KEYS, method="post", body={"name": "kintone", "scope": "read"}),
    "key_revoke": Case(Action.MANAGE_KEYS),
    "imports": READ,
    "import": READ,
    "import_new": Case(Action.IMPORT),
    "import_sample": READ,
    "import_columns": Case(Action.IMPORT),
    "import_begin": Case(Action.IMPORT, method="post"),
    "import_give_up": Case(Action.IMPORT, method="post"),
    "import_errors": Case(Action.IMPORT),
    "surveys": READ,
    "survey": READ,
    "survey_new": Case(Action.SET_UP, method="post", body={"kind": "nps"}),
    "survey_timing": Case(
        Action.SET_UP,
        method="post",
        body={
            "days_after_delivery": "1",
            "days_after_order": "1",
            "hour_from": "10",
            "hour_until": "12",
        },
    ),
    "survey_words": Case(
        Action.SET_UP,
        method="post",
        body={
            f"{name}_{occasion}": "Taken over"
            for name in ("thing", "intro", "thanks")
            for occasion in ("expectation", "evaluation")
        },
    ),
    "survey_undo": Case(Action.SET_UP, method="post"),
    "survey_preview": READ,
    "survey_preview_mail": READ,
    "survey_preview_page": READ,
    "survey_responses": READ,
    "survey_export": Case(Action.EXPORT, method="post"),
    "survey_switch": Case(Action.SET_UP, method="post", body={"to": "off"}),
    "survey_judge": Case(Action.WORK, method="post", body={"counts": "no"}),
    "diagnosis": READ,
    "diagnosis_takers": READ,
    "diagnosis_leads": Case(Action.EXPORT, method="post"),
    "diagnosis_switch": Case(Action.SET_UP, method="post", body={"to": "closed"}),
    "quiz": Case(is_of_quiz=True),
    "quiz_resume": Case(is_of_quiz=True),
    "quiz_question": Case(is_of_quiz=True, method="post", body={"option": "welcome"}),
    "quiz_result": Case(is_of_quiz=True),
    "quiz_mail": Case(is_of_quiz=True, method="post", body={"email": "a@example.com"}),
    "quiz_again": Case(is_of_quiz=True, method="post"),
    "quiz_confirm": Case(is_of_quiz=True, method="post"),
    "answer": Case(wants_link=True, method="post", body={"score": "0", "words": "Taken over"}),
    "answer_thanks": LINK,
    "answer_renew": Case(wants_link=True, method="post"),
    "answer_privacy": LINK,
    "unsubscribe": Case(wants_link=True, method="post"),
    "unsubscribe_stop": Case(wants_link=True, method="post"),
    "unsubscribe_choose": Case(
        wants_link=True, method="post", body={"topics": "survey", "rest": "3"}
    ),
    "api_schema": ANYBODY,
    **dict.fromkeys(
        [
            "api_customers",
            "api_customer",
            "api_purchases",
            "api_purchase",
            "api_touchpoints",
            "api_touchpoint",
            "api_stages",
            "api_stage",
            "api_suggestions",
            "api_complaints",
            "api_surveys",
            "api_responses",
        ],
        KEY,
    ),
}


@dataclass(frozen=True)
class Furnished:
    """A shop with at least one row of everything, and what its addresses are made of."""

    shop: Shop
    owner: User
    words: dict[str, Any]  # by the names the addresses use
    links: dict[str, str]  # the tokens of links, by the first word of their path
    key: str

    def address(self, name: str, **instead: Any) -> str:
        """The address of this name with the shop's own ids, or with others instead."""
        pattern = PATTERNS[name]
        door = str(pattern.pattern).partition("/")[0]
        words = self.words | {"token": self.links.get(door, "")} | instead
        return reverse(name, kwargs={word: words[word] for word in pattern.pattern.converters})


def furnish(slug: str, secret: str) -> Furnished:
    """A shop with a row of everything; `secret` stands in whatever its customers said."""
    owner = make_user(f"owner@{slug}.example")
    shop = make_shop(slug, owner=owner)
    with tenant(shop):
        customer = make_customer(shop, name=secret, kana=secret, email=f"{secret}@example.com")
        purchase = make_purchase(customer, external_id=secret)
        letter = make_touchpoint(
            customer,
            Kind.LETTER,
            text=f"{secret} とてもおいしくて、家族みんなで毎朝いただいています。",
        )
        by_hand = make_touchpoint(
            customer, Kind.COMPLAINT, text=f"{secret} 箱がつぶれていました。", source="hand:1:a"
        )
        (complaint,) = rebuild(customer=customer, now=NOON)
        note = write_note(customer=customer, source="hand:1:b", at=NOON, author=owner, text=secret)
        survey = begin_survey(shop=shop, kind=SurveyKind.ORDER, at=NOON)
        invitation = invite(
            version=survey.versions.get(),
            occasion=Occasion.EXPECTATION,
            purchase=purchase,
            shop=shop,
            now=NOON,
        )
        opened = open_invitation(shop.pk, invitation.pk, lock=True)
        assert opened is not None
        record_answer(opened=opened, score=8, words=secret, at=NOON, zone=shop.zone, signals=[])
        response = invitation.response
        assessment = reassess(customer=customer, now=NOON)
        assert assessment is not None
        suggestion = Suggestion.objects.create(
            shop=shop,
            customer=customer,
            play="empathy.answer",
            spell_from_on=assessment.stage_since,
            about=letter,
            evidence={"on": "2026-05-10"},
            rank=Call.ANSWER,
        )
        Work.objects.filter(shop=shop).update(parked_at=NOON, last_error=secret)
        quiz = open_version_of(shop, shop.slug)
        lead = lead_of(finished(quiz), f"{secret}@example.com")
        token = begun(quiz)
        api_key, key = issue_api_key(shop=shop, name=secret, scope=Scope.WRITE)
        colleague = make_invitation(shop, by=owner, email=f"{secret}@colleagues.example")
        member = make_member(shop, Role.STAFF)
        file = uploaded(shop, by=owner, secret=secret)
    return Furnished(
        shop,
        owner,
        words={
            "slug": shop.slug,
            "customer_id": customer.pk,
            "purchase_id": purchase.pk,
            "work_id": Work.objects.filter(shop=shop).latest("pk").pk,
            "survey_id": survey.pk,
            "language": "ja",
            "response_id": response.pk,
            "suggestion_id": suggestion.pk,
            "touchpoint_id": letter.pk,
            "entry": "letter",
            "fact_id": by_hand.pk,
            "change": "withdraw",
            "note_id": note.pk,
            "complaint_id": complaint.pk,
            "result": lead.attempt.result,
            "n": 1,
            "wish": confirm_token(lead),
            "key_id": api_key.pk,
            "run_id": file.pk,
            "member_id": member.memberships.get().pk,
            "invitation_id": colleague.invitation.pk,
            "key": _mail_in_mailbox(),
            "pk": 1,  # of a passkey that nobody has
        },
        links={
            "a": answer_url(invitation).split("/")[-2],
            "u": unsubscribe_url(customer).split("/")[-2],
            "join": colleague.token,
            "d": token,
        },
        key=key,
    )


def told(name: str, shop: Furnished) -> dict[str, Any]:
    """What a machine of a shop tells at one of these addresses."""
    fact = {"customer": shop.words["customer_id"], "kind": "letter", "text": "お便り"}
    person = {"external_id": "42", "email": "new@example.com", "name": "新しい人"}
    bodies: dict[str, dict[str, Any]] = {
        "api_customers": person,
        "api_purchases": {
            "external_id": "A-1", "customer": person, "ordered_at": "2026-05-10", "total": 1,
        },
        "api_touchpoints": {"external_id": "t-1", "at": "2026-05-10T12:00", **fact},
    }  # fmt: skip
    return bodies[name]


#: Addresses at which machines tell of something.
TOLD = ["api_customers", "api_purchases", "api_touchpoints"]


@contextmanager
def neighbours() -> Iterator[tuple[Furnished, Furnished]]:
    """Two furnished shops, committed, so that the owner role sees them; then an empty database.

    Both have the same people, orders and answers, but for the secret in the second one's.
    """
    try:
        yield furnish("otonari", "ours"), furnish("yosono", SECRET)
    finally:
        call_command("flush", interactive=False, verbosity=0)


@contextmanager
def furnished() -> Iterator[Furnished]:
    """One furnished shop, committed; then an empty database."""
    try:
        yield furnish("otonari", "ours")
    finally:
        call_command("flush", interactive=False, verbosity=0)


def url_patterns() -> Iterator[URLPattern]:
    """Every address of the site."""
    waiting = list(get_resolver().url_patterns)
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLPattern):
            yield entry
        else:
            waiting.extend(entry.url_patterns)


PATTERNS = {pattern.name: pattern for pattern in url_patterns()}


def _mail_in_mailbox() -> str:
    message = EmailMessage()
    message["Subject"] = "ご感想をお聞かせください"
    message.set_content("本文")
    message.add_alternative("<html><head></head><body><p>本文</p></body></html>", subtype="html")
    folder = settings.MAILBOX / "new"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1.mail").write_bytes(message.as_bytes())
    return "1.mail"
