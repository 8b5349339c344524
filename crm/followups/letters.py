"""The letter of a suggestion: drafted by the play, finished by a person, framed for the law."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from crm.customers.models import Customer
from crm.customers.selectors import language_of
from crm.followups.models import Suggestion
from crm.guard.selectors import hash_of
from crm.ledger.words import measure
from crm.mail.services import Words
from crm.mail.tokens import unsubscribe_url
from crm.shops.models import Shop
from crm.stages.enums import Stage

#: Fewer characters are no word to this one person (Japanese, other scripts).
LEAST_PERSONAL = (12, 24)


@dataclass(frozen=True)
class Letter:
    """What a person sees and edits: the words between greeting and signature."""

    subject: str
    opening: str
    personal: str
    closing: str

    @property
    def is_personal(self) -> bool:
        """Whether the part that only a person can write is there."""
        length, is_japanese = measure(self.personal)
        return length >= LEAST_PERSONAL[0 if is_japanese else 1]

    @property
    def words(self) -> str:
        """All that is said, for the guard."""
        return "\n".join((self.subject, *self.paragraphs))

    @property
    def paragraphs(self) -> list[str]:
        """The parts that say something, in the order in which they are read."""
        parts = (part.strip() for part in (self.opening, self.personal, self.closing))
        return [part for part in parts if part]


def letter_of(suggestion: Suggestion, shop: Shop) -> Letter:
    """The letter as it was last saved; before that, as the play drafts it for this person."""
    if suggestion.revision:
        return Letter(
            suggestion.subject, suggestion.opening, suggestion.personal, suggestion.closing
        )
    draft = suggestion.what.drafts.get(language_of(suggestion.customer, shop.locale))
    return Letter(draft.subject, draft.opening, "", draft.closing) if draft else _EMPTY


def words_of_mail(suggestion: Suggestion, letter: Letter, shop: Shop) -> Words:
    """The mail: greeting, letter, the name of who writes, and the foot that the law asks for.

    From Empathy on a named person is the sender, not the shop alone.
    """
    customer = suggestion.customer
    language = language_of(customer, shop.locale)
    context = {
        "shop": shop,
        "customer_name": customer.name,
        "letter": letter,
        "is_answer": suggestion.what.is_answer,
        "unsubscribe_url": unsubscribe_url(customer),
    }
    with translation.override(language):
        text, html = (
            render_to_string(f"emails/followup{end}", context).strip() for end in (".txt", ".html")
        )
        is_named = stage_of(customer) >= Stage.EMPATHY and shop.keeper_name
        sender = (
            translation.pgettext("sender of a mail", "%(keeper)s (%(shop)s)")
            % {"keeper": shop.keeper_name, "shop": shop.name}
            if is_named
            else ""
        )
    return Words(
        language=language,
        subject=letter.subject,
        text=f"{text}\n",
        html=html,
        sender_name=sender[:100],
        personal_hash=hash_of(letter.personal),
    )


def stage_of(customer: Customer) -> Stage:
    """The stage the customer was last judged to be at; Observer before the first time."""
    relationship = getattr(customer, "relationship", None)
    return Stage(relationship.stage) if relationship else Stage.OBSERVER


_EMPTY = Letter("", "", "", "")
