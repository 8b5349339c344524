"""People made up by temperament: how often they buy, answer, write, act and tell others.

The numbers are no research; they make a shop with every kind of person in it, most of them
quiet. What becomes of a relationship is not decided here but judged, as for any shop.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from crm.complaints.enums import Theme
from crm.guard.enums import Reason, Verdict
from crm.ledger.enums import Kind
from horetsu_site.demo.life import MARKETPLACE, OWN_SITE, PHONE, Asked, Order, Person, Said
from horetsu_site.demo.words import IN_SEASON, Namer, Speaker
from surveys.enums import Occasion

DISTANCE, BUDGET, QUARTER, TOO_LATE = 7, 4, 90, 14


@dataclass(frozen=True)
class Temperament:
    """Shares are of 1. `pleased` weighs how often an order falls short of, meets and goes
    beyond what was expected; the last four are chances an order."""

    orders: tuple[int, int]
    rhythm: tuple[int, int] = (40, 80)  # days from one order to the next
    answers: float = 0.15
    pleased: tuple[int, int, int] = (2, 92, 6)
    writes: float = 0.1  # own words beside an evaluation
    letters: float = 0
    acts: float = 0
    passes: float = 0
    complains: float = 0  # when let down
    is_subscriber: bool = False
    within: int = 0  # days: who came before that has shown another temperament since
    marketplace: float = 0.15


TEMPERAMENTS = {
    "looks_on": Temperament((1, 1), answers=0.15, pleased=(2, 86, 12), within=50),
    "came_once": Temperament((1, 1), answers=0, marketplace=0.4),
    "gives": Temperament((2, 4), (150, 200), answers=0.3),
    "silent": Temperament((10, 60), (28, 48), answers=0.12, writes=0.02, marketplace=0.25),
    "subscribes": Temperament((6, 30), (30, 30), is_subscriber=True, marketplace=0),
    "content": Temperament((9, 60), (30, 52), answers=0.6, pleased=(1, 95, 4), writes=0.02),
    "warm": Temperament(
        (6, 40), (35, 60), answers=0.75, pleased=(1, 79, 20), writes=0.13, letters=0.05,
        marketplace=0, within=220,
    ),
    "active": Temperament(
        (6, 40), (40, 75), answers=0.8, pleased=(1, 69, 30), writes=0.12, letters=0.04, acts=0.22,
        marketplace=0,
    ),
    "tells": Temperament(
        (7, 40), (40, 70), answers=0.9, pleased=(0, 45, 55), writes=0.3, acts=0.15, passes=0.3,
        marketplace=0,
    ),
    "let_down": Temperament(
        (2, 4), (40, 90), answers=0.9, pleased=(60, 40, 0), writes=0.8, complains=0.7,
        marketplace=0,
    ),
}  # fmt: skip

_FAVOURITES = ["宵", "宵", "宵", "朝霧", "朝霧", "田の音", "さと", "夕映え", IN_SEASON]
_BESIDES = ["干菓子", "湯のみ", "茶筒", "急須", "宵", IN_SEASON]
_THEMES = [Theme.DELIVERY, Theme.QUALITY, Theme.RESPONSE]
_ACTS = [(Kind.EVENT, "events"), (Kind.IDEA, "ideas"), (Kind.COMMUNITY, "community")]


def person(
    temperament: Temperament, *, met_ago: int, random: Random, namer: Namer, speaker: Speaker
) -> Person:
    """Somebody of this temperament who first ordered so many days ago, up to yesterday."""
    return _Life(temperament, met_ago, random, namer, speaker).live()


class _Life:
    """One life, day by day; `day` counts from the first order on."""

    def __init__(
        self, temperament: Temperament, met_ago: int, random: Random, namer: Namer, speaker: Speaker
    ) -> None:
        self.is_like = temperament
        self.met_ago = met_ago
        self.random = random
        self.speaker = speaker
        name, kana = namer.name()
        self.person = Person(name=name, kana=kana)
        self.person.wants_letters = random.random() < 0.5
        self.channel = self._channel()
        self.person.is_masked = self.channel == MARKETPLACE
        self.favourite = random.choice(_FAVOURITES)
        self.contacts: list[int] = []
        self.is_at_ease = False  # what the shop would see as landed
        self.last_nps = -366
        self.trouble_until = -1

    def live(self) -> Person:
        day = 0
        for number in range(1, self.random.randint(*self.is_like.orders) + 1):
            if day >= self.met_ago:
                break
            self._order(day, number)
            day += self.random.randint(*self.is_like.rhythm)
        people = self.person
        people.said.sort(key=lambda said: (-said.ago, said.minute))
        people.asked.sort(key=lambda asked: (-asked.ago, asked.minute))
        return people

    def _order(self, day: int, number: int) -> None:
        is_renewal = self.is_like.is_subscriber and number > 1
        order = Order(
            ago=self.met_ago - day,
            minute=self.random.randint(7 * 60, 19 * 60),
            goods=self._goods(),
            channel=self.channel,
            renewal=number if self.is_like.is_subscriber else None,
            days_under_way=self.random.choice([2, 2, 3, 3, 4]),
            is_cancelled=self.random.random() < 0.02,
        )
        self.person.orders.append(order)
        self.is_at_ease |= number > 1
        if order.is_cancelled:
            return
        place = len(self.person.orders) - 1
        arrives = day + order.days_under_way
        if not self.person.is_masked and not is_renewal:
            self._ask_about(day, place, arrives)
        self._act(arrives, place)

    # --- our questions ------------------------------------------------------------------------

    def _ask_about(self, day: int, place: int, arrives: int) -> None:
        expected = None
        if self._ask(day, Occasion.EXPECTATION, place) is not None and self._answers():
            expected = self.random.choice([6, 7, 7, 7, 8, 8, 8, 9, 9, 10])
            self._say(day + 1, Kind.EXPECTATION, value=expected, about=place, is_asked=True)
        day, after = arrives + 7, Occasion.EVALUATION if expected else Occasion.PERCEIVED
        if not self.is_at_ease and expected is None:
            self._withhold(day, after, place, Verdict.BLOCK, Reason.ASKED_ONCE)
        elif (asked := self._ask(day, after, place)) is not None and self._answers():
            self._evaluate(asked + self.random.randint(1, 3), place, expected)
        day = arrives + 21
        if self.is_at_ease and day - self.last_nps > 365:
            asked = self._ask(day, Occasion.NPS, place)
            self.last_nps = day if asked is not None else self.last_nps
            if asked is not None and self._answers():
                self._recommend(asked + self.random.randint(1, 4), place)

    def _ask(self, day: int, occasion: Occasion, place: int) -> int | None:
        """The day the question goes out; None when it does not, or not up to yesterday."""
        wait = self._reason_to_wait(day, occasion)
        reason, sent = wait or (Reason.FINE, day)
        if sent - day > (2 if occasion == Occasion.EXPECTATION else TOO_LATE - 1):
            self._withhold(day, occasion, place, Verdict.HOLD, reason)
            return None
        if sent >= self.met_ago:
            return None
        self.contacts.append(sent)
        verdict = Verdict.HOLD if wait else Verdict.ALLOW
        self._note(day, occasion, place, sent, verdict, reason)
        return sent

    def _reason_to_wait(self, day: int, occasion: Occasion) -> tuple[Reason, int] | None:
        recent = sorted(contact for contact in self.contacts if day - contact < QUARTER)
        if day < self.trouble_until:
            return Reason.RECOVERY_FIRST, self.trouble_until
        if occasion != Occasion.EXPECTATION and recent and day - recent[-1] < DISTANCE:
            return Reason.DISTANCE, recent[-1] + DISTANCE
        if len(recent) >= BUDGET:
            return Reason.BUDGET, recent[-BUDGET] + QUARTER
        return None

    def _withhold(
        self, day: int, occasion: Occasion, place: int, verdict: Verdict, reason: Reason
    ) -> None:
        if day < self.met_ago:
            self._note(day, occasion, place, None, verdict, reason)

    def _note(
        self,
        day: int,
        occasion: Occasion,
        place: int,
        sent: int | None,
        verdict: Verdict,
        reason: Reason,
    ) -> None:
        self.person.asked.append(
            Asked(
                ago=self.met_ago - day,
                minute=19 * 60 + 30,  # after the orders of the day, before the night
                occasion=occasion,
                about=place,
                sent_ago=None if sent is None else self.met_ago - sent,
                verdict=verdict,
                reason=reason,
            )
        )

    def _answers(self) -> bool:
        return self.random.random() < self.is_like.answers

    # --- what they say ------------------------------------------------------------------------

    def _evaluate(self, day: int, place: int, expected: int | None) -> None:
        below, level, above = self.is_like.pleased
        gap = self.random.choices([-1, 0, 1], [below, level, above])[0]
        if gap > 0 and expected is not None and expected >= 9:  # little room is left above
            gap = 0
        kind, value = Kind.PERCEIVED, gap
        if expected is not None:
            kind = Kind.EVALUATION
            value = min(10, expected + gap * self.random.choice([2, 2, 3]))
        text = self._words(["level", "above", "below"][gap])
        self._say(day, kind, value=value, about=place, text=text, is_asked=True)
        if gap < 0:
            self._be_let_down(day + 1)
        else:
            self.is_at_ease = True

    def _words(self, bank: str) -> str:
        drawn = self.random.random()
        if drawn < self.is_like.writes:
            return self.speaker.say(bank)
        return self.speaker.say("short") if drawn > 0.8 else ""

    def _recommend(self, day: int, place: int) -> None:
        below, _level, above = self.is_like.pleased
        drawn = self.random.random() * 100
        bank, scores = "nps_mid", [7, 7, 8, 8, 8]
        if drawn < below + 5:
            bank, scores = "nps_low", [3, 5, 5, 6, 6]
        elif drawn > 64 - above / 2:
            bank, scores = "nps_high", [9, 9, 10]
        text = self.speaker.say(bank) if self.random.random() < 0.3 else ""
        score = self.random.choice(scores)
        self._say(day, Kind.NPS, value=score, about=place, text=text, is_asked=True)
        self.is_at_ease |= score >= 7

    def _be_let_down(self, day: int) -> None:
        self.trouble_until = day + 60
        if self.random.random() >= self.is_like.complains:
            return
        theme = self.random.choice(_THEMES)
        thread = f"{theme}-{day}"
        said = self.speaker.say(f"complaints_{theme}")
        self._say(day, Kind.COMPLAINT, text=said, thread=thread)
        closed = day + self.random.randint(2, 6)
        self._say(closed, Kind.COMPLAINT_CLOSED, thread=thread)
        if self.random.random() < 0.8:
            how = self.random.choice([-1, 0, 0, 1, 1, 1])
            text = self.speaker.say("recoveries") if how > 0 else ""
            self._say(closed + 7, Kind.RECOVERY, value=how, thread=thread, text=text)
            self.trouble_until = closed + 7 if how >= 0 else self.trouble_until

    def _act(self, arrives: int, place: int) -> None:
        """What they do of their own accord after a parcel came."""
        chance, day = self.random.random, arrives + self.random.randint(2, 20)
        if self.channel == PHONE and chance() < 0.3:
            self._say(day, Kind.PERCEIVED, value=self.random.choice([0, 0, 1]), about=place)
        if chance() < self.is_like.letters:
            self._say(day, Kind.LETTER, text=self.speaker.say("letters"))
        if chance() < 0.03:
            self._say(arrives + 1, Kind.INQUIRY, text=self.speaker.say("inquiries"))
        if chance() < self.is_like.acts:
            kind, bank = self.random.choice(_ACTS)
            self._say(day + 3, kind, text=self.speaker.say(bank))
        elif chance() < 0.015 + self.is_like.acts / 2:
            self._review(day + 4, place)
        if chance() < self.is_like.passes:
            if chance() < 0.4:
                self._say(day + 6, Kind.REFERRAL)
            else:
                said = self.speaker.say("shares")
                self._say(day + 6, Kind.SHARE, text=said, is_public=True)

    def _review(self, day: int, place: int) -> None:
        self._say(
            day,
            Kind.REVIEW,
            about=place,
            stars=self.random.choice([4, 4, 5, 5, 5]),
            text=self.speaker.say("reviews"),
            is_public=self.random.random() < 0.5,
            is_rewarded=self.is_like.acts == 0 and self.random.random() < 0.6,
        )

    def _say(self, day: int, kind: Kind, **more: Any) -> None:
        if day < self.met_ago:
            minute = self.random.randint(8 * 60, 21 * 60)
            self.person.said.append(Said(self.met_ago - day, minute, kind, **more))

    # --- what they buy ------------------------------------------------------------------------

    def _channel(self) -> str:
        drawn = self.random.random()
        if drawn < self.is_like.marketplace:
            return MARKETPLACE
        return PHONE if drawn > 0.95 else OWN_SITE

    def _goods(self) -> tuple[str, ...]:
        if self.is_like.is_subscriber:
            return ("定期",)
        if self.is_like.rhythm[0] >= 150:
            return ("詰め合わせ",)
        return tuple(self._basket())

    def _basket(self) -> Iterable[str]:
        yield self.favourite
        if self.random.random() < 0.3:
            yield self.favourite
        if self.random.random() < 0.2:
            yield self.random.choice(_BESIDES)
