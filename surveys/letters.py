"""The mail that asks: which sentences, by occasion and by how near the person stands.

An Observer is asked with care and by the shop; from Empathy on a person writes, by name
(domain.md, section 6, "Asking by stage"). No letter offers anything, presses, or asks for words.
"""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.mail.services import Words
from crm.shops.models import Shop
from crm.stages.enums import Stage
from surveys.enums import Occasion, Reminding, Tone
from surveys.wording import Item


@dataclass(frozen=True)
class Links:
    """The addresses a letter carries."""

    answer: str
    privacy: str
    stop: str


@dataclass(frozen=True)
class Sender:
    """The person who writes and reads; without a name it is the shop."""

    name: str
    title: str = ""

    @property
    def introduced(self) -> str:
        """As one says it in a sentence."""
        if not self.title:
            return self.name
        return _("%(name)s (%(title)s)") % {"name": self.name, "title": self.title}


@dataclass(frozen=True)
class Sentences:
    """What a letter says around the question, in the language set."""

    greeting: str
    before: str  # leads into the question
    after: str  # what follows it on the same line
    choose: str
    closing: tuple[str, ...]


def tone_of(stage: int) -> Tone:
    """How near we speak to somebody who stands here."""
    if stage == Stage.OBSERVER:
        return Tone.CARE
    return Tone.CALM if stage == Stage.LANDING else Tone.PERSONAL


def sender_of(item: Item, shop: Shop) -> Sender:
    """Who signs: the name the survey gives in this language, or the shop's profile."""
    return Sender(item.sender) if item.sender else Sender(shop.keeper_name, shop.keeper_title)


def letter(
    *,
    shop: Shop,
    occasion: Occasion,
    item: Item,
    language: str,
    tone: Tone,
    links: Links,
    customer_name: str = "",
    ordered_at: datetime | None = None,
    reminding: Reminding = Reminding.NEVER,
) -> Words:
    """The whole mail in one language, with days in the shop's zone."""
    sender = sender_of(item, shop)
    answers = [(label, f"{links.answer}?score={score}") for score, label in item.answers.items()]
    with override(language), timezone.override(shop.zone):
        context = {
            "shop": shop,
            "sender": sender if tone is Tone.PERSONAL else Sender(""),
            "keeper": sender,
            "customer_name": customer_name,
            "item": item,
            "subject": subject_of(occasion, reminding),
            "said": sentences(occasion, tone, item, shop, sender, reminding),
            "answers": answers,
            "rows": [answers[:6], answers[6:]],
            "links": links,
            "ordered_at": ordered_at,
        }
        text, html = (
            render_to_string(f"emails/invitation{end}", context).strip()
            for end in (".txt", ".html")
        )
        subject = str(context["subject"])
        from_name = _("%(keeper)s, %(shop)s") % {"keeper": sender.name, "shop": shop.name}
    return Words(
        language=language,
        subject=subject,
        text=f"{text}\n",
        html=html,
        sender_name=from_name if tone is Tone.PERSONAL and sender.name else "",
    )


def subject_of(occasion: Occasion, reminding: Reminding = Reminding.NEVER) -> str:
    if reminding is Reminding.IS_ONE:
        return _("About the one question we asked you")
    match occasion:
        case Occasion.EXPECTATION:
            return _("Your order is being prepared")
        case Occasion.NPS:
            return _("Thank you for being with us, and one question")
        case _:
            return _("How has it been since?")


def sentences(
    occasion: Occasion,
    tone: Tone,
    item: Item,
    shop: Shop,
    sender: Sender,
    reminding: Reminding = Reminding.NEVER,
) -> Sentences:
    """What the letter says on this occasion to somebody this near."""
    lead = _lead(occasion, tone)
    if reminding is Reminding.IS_ONE:
        lead = _("We asked you lately; in case it escaped you, once more: %(question)s")
    before, _question, after = lead.partition("%(question)s")
    is_named = tone is Tone.PERSONAL and bool(sender.name)
    return Sentences(
        greeting=_("This is %(keeper)s of %(shop)s.")
        % {"keeper": sender.introduced, "shop": shop.name}
        if is_named
        else _("This is %(shop)s.") % {"shop": shop.name},
        before=before,
        after=after,
        choose=_("Please choose the one that comes closest. You can change it on the next page.")
        if item.middle
        else _("Please choose the number that comes closest. You can change it on the next page."),
        closing=tuple(_closing(occasion, tone, shop, reminding, is_named=is_named)),
    )


def _lead(occasion: Occasion, tone: Tone) -> str:
    """The way to the question, with its place in it."""
    match occasion:
        case Occasion.EXPECTATION:
            return _("While you wait, if you like: %(question)s")
        case Occasion.NPS:
            return _("We would like to know one thing: %(question)s")
        case _ if tone is Tone.CARE:
            return _("We hope that nothing troubles you. One thing, if you like: %(question)s")
        case _:
            return _("Now that you have used it: %(question)s")


def _closing(
    occasion: Occasion, tone: Tone, shop: Shop, reminding: Reminding, *, is_named: bool
) -> list[str]:
    """That nothing presses, and what becomes of an answer."""
    if reminding is Reminding.IS_ONE:
        return [_("There is no need to answer, and we do not come back to it again.")]
    if reminding is Reminding.MAY_FOLLOW:
        return [_("Answer only when you feel like it. We may come back to it once, and no more.")]
    if occasion is Occasion.EXPECTATION:
        return [_("There is no need to answer: we take the same care of your order either way.")]
    if occasion is Occasion.NPS:
        said = [_("Answer only when you feel like it. We ask this at most once a year.")]
    elif tone is Tone.CARE:
        said = [_("There is no need to answer, and we do not ask again.")]
        if shop.contact_email:
            said.append(_("Should anything be amiss, just reply to this mail."))
    else:
        said = [_("Answer only when you feel like it. We ask this once and do not remind you.")]
    if is_named:
        said.append(_("I read every word that reaches us."))
    return said
