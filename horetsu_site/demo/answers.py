"""What a shop that works with the product replied: nearly everybody, within two days."""

from collections.abc import Iterable, Iterator
from datetime import date
from random import Random

from crm.followups.enums import Call
from crm.followups.situation import Told
from crm.guard.enums import Channel
from crm.ledger.enums import Kind
from crm.ledger.words import measure
from horetsu_site.demo.life import Answer, Person, Said
from horetsu_site.demo.words import Speaker, read

WAITING = 3  # days: what was said since then is today's work
BY_MAIL_SINCE = 120  # days ago; before that the shop replied by hand
_WORDS_JA, _WORDS_OTHER = 20, 40  # as the rule counts own words
_BY_HAND = {
    Channel.LETTER: Kind.OUR_LETTER,
    Channel.PHONE: Kind.OUR_CALL,
    Channel.INSERT: Kind.OUR_INSERT,
}


class Replies:
    """Gives each fact that asks for a word its answer, by one of so many people of the shop.

    No words of a mail are written twice: who has none left takes a card or the telephone.
    """

    def __init__(self, *, staff: int, random: Random, speaker: Speaker) -> None:
        self._staff = staff
        self._random = random
        self._speaker = speaker
        self._unsaid = {
            name: random.sample(bank, len(bank)) for name, bank in read("words")["replies"].items()
        }

    def give(self, people: Iterable[Person]) -> None:
        for person in people:
            last: Answer | None = None
            ours: list[Said] = []
            for said in person.said:
                if call_of(said) is None or said.ago <= WAITING:
                    continue
                if last is None or (-last.ago, last.minute) <= (-said.ago, said.minute):
                    last = self._answer(person, said)
                    ours.extend(self._by_hand(last))
                said.answer = last
            person.said = sorted([*person.said, *ours], key=lambda one: (-one.ago, one.minute))

    def _answer(self, person: Person, said: Said) -> Answer:
        channel, words = self._channel(person, said), said.answer_words
        if channel == Channel.MAIL and not words:
            unsaid = self._unsaid[bank_of(said)]
            channel, words = (channel, unsaid.pop()) if unsaid else (Channel.LETTER, "")
        return Answer(
            ago=said.ago - self._random.choice([1, 1, 2]),
            minute=self._random.randint(10 * 60, 17 * 60),
            by=self._random.randrange(self._staff),
            channel=channel,
            words=words,
        )

    def _channel(self, person: Person, said: Said) -> Channel | None:
        if said.answer_words:
            return Channel.MAIL
        if said.kind == Kind.COMPLAINT:
            return Channel.PHONE
        is_known = not (person.is_masked or person.is_without_address or person.locale)
        if is_known and said.ago <= BY_MAIL_SINCE and self._random.random() < 0.7:
            return Channel.MAIL
        by_hand = [Channel.LETTER, Channel.PHONE, Channel.INSERT]
        return self._random.choice([*by_hand, *by_hand, *by_hand, None])

    def _by_hand(self, answer: Answer) -> Iterator[Said]:
        """What we said ourselves is a fact, too."""
        if answer.channel in _BY_HAND:
            text = self._speaker.say(f"by_{answer.channel}")
            yield Said(answer.ago, answer.minute, _BY_HAND[answer.channel], text=text)


def call_of(said: Said) -> Call | None:
    """What a fact asks of the shop; None where it asks for nothing."""
    if said.kind == Kind.COMPLAINT:
        return Call.SOLVE
    if said.kind == Kind.PERCEIVED and said.value == 1:
        return Call.TEND
    length, is_japanese = measure(said.text)
    return Told(
        id=0,
        kind=said.kind,
        on=date.min,
        has_words=length >= (_WORDS_JA if is_japanese else _WORDS_OTHER),
        stars=said.stars,
        is_public=said.is_public,
        is_rewarded=said.is_rewarded,
    ).asks_for


def bank_of(said: Said) -> str:
    """Where the words of a reply to this fact stand (words.toml, replies)."""
    if said.kind in {Kind.EVENT, Kind.IDEA, Kind.COMMUNITY, Kind.REVIEW, Kind.INQUIRY, Kind.LETTER}:
        return str(said.kind.value)
    if said.kind in {Kind.SHARE, Kind.REFERRAL}:
        return "pass"
    return "delight" if call_of(said) == Call.TEND else "words"
