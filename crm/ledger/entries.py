"""What staff write down by hand: one entry for each thing a customer can say or do.

A choice first, then a short form; which fields it asks for follows from the entry.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.ledger.enums import Kind, Medium


@dataclass(frozen=True)
class Entry:
    """`asks` names the fields of EntryForm that make sense of it, besides the words and the
    moment; `words` is what the box for words is called."""

    key: str
    kind: Kind
    title: Promise
    words: Promise
    asks: frozenset[str] = frozenset()
    medium: Medium | None = None  # how it most likely came


_THEIR_WORDS = _("their words, as they stand")
_WHAT_IT_WAS = _("what it was")

ENTRIES = (
    Entry("letter", Kind.LETTER, _("A letter"), _THEIR_WORDS, frozenset({"medium"}), Medium.PAPER),
    Entry(
        "call",
        Kind.INQUIRY,
        _("A call"),
        _("what they said"),
        frozenset({"is_personal", "medium"}),
        Medium.PHONE,
    ),
    Entry(
        "inquiry",
        Kind.INQUIRY,
        _("An inquiry"),
        _THEIR_WORDS,
        frozenset({"is_personal", "medium"}),
        Medium.MAIL,
    ),
    Entry(
        "reply",
        Kind.REPLY,
        _("A reply to us"),
        _THEIR_WORDS,
        frozenset({"is_personal", "medium"}),
        Medium.MAIL,
    ),
    Entry(
        "review",
        Kind.REVIEW,
        _("A review"),
        _("what it says"),
        frozenset({"stars", "is_public", "is_rewarded", "medium"}),
        Medium.SITE,
    ),
    Entry("event", Kind.EVENT, _("Joined an event"), _WHAT_IT_WAS, frozenset({"is_rewarded"})),
    Entry("idea", Kind.IDEA, _("An idea or a picture"), _WHAT_IT_WAS, frozenset({"is_rewarded"})),
    Entry(
        "community",
        Kind.COMMUNITY,
        _("Wrote in the community"),
        _("what they wrote"),
        frozenset({"is_rewarded"}),
    ),
    Entry(
        "share",
        Kind.SHARE,
        _("Told others in public"),
        _("what they wrote"),
        frozenset({"is_rewarded"}),
        Medium.SOCIAL,
    ),
    Entry(
        "referral",
        Kind.REFERRAL,
        _("Introduced somebody"),
        _WHAT_IT_WAS,
        frozenset({"other", "is_rewarded"}),
    ),
    Entry(
        "complaint",
        Kind.COMPLAINT,
        _("A complaint"),
        _THEIR_WORDS,
        frozenset({"is_public", "medium"}),
        Medium.MAIL,
    ),
)

BY_KEY = {entry.key: entry for entry in ENTRIES}
