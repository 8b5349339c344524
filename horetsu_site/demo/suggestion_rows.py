"""What was suggested to the shop over the months and what it did with that, as rows; written
when everybody is judged, for a suggestion belongs to a stay in a stage."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random

from crm.customers import bulk
from crm.customers.models import Customer
from crm.followups.enums import Call, SuggestionState
from crm.followups.letters import letter_of, words_of_mail
from crm.followups.models import Acknowledgement, Suggestion
from crm.followups.plays import BY_KEY
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.mail.enums import MailReason
from crm.mail.models import MailContent
from crm.shops.models import User
from crm.stages.enums import Mark, Stage
from crm.stages.models import Relationship, StageSpell
from horetsu_site.demo.answers import WAITING, call_of
from horetsu_site.demo.batch import Batch
from horetsu_site.demo.life import Said
from horetsu_site.demo.words import read

#: Since when those who moved are still to be looked at, in days.
SETTLED_BEFORE = 6
_REST_BY_STAGE = {
    Stage.LANDING: "landing.rest",
    Stage.EMPATHY: "empathy.rest",
    Stage.ENGAGEMENT: "engagement.room",
    Stage.CIRCULATION: "circulation.room",
}


_TROUBLE = {
    Kind.COMPLAINT, Kind.COMPLAINT_REOPENED, Kind.REVIEW, Kind.EVALUATION, Kind.PERCEIVED,
    Kind.RECOVERY,
}  # fmt: skip


class History:
    """Looks up who stood where on which day, and writes what followed from it."""

    def __init__(self, batch: Batch, *, staff: Sequence[User], random: Random) -> None:
        self.batch = batch
        self.staff = staff
        self.random = random
        shop = batch.shop
        self.customers = {
            each.pk: each
            for each in Customer.objects.filter(shop=shop).select_related("relationship", "shop")
        }
        spells = StageSpell.objects.filter(shop=shop).order_by("customer_id", "from_on")
        self.stays = {pk: list(rows) for pk, rows in groupby(spells, key=lambda it: it.customer_id)}

    def write(self) -> None:
        """All of it: what was answered, what else was done or set aside, who was left in peace."""
        answered = [(said, fact) for said, fact in self.batch.told if said.answer is not None]
        rows: dict[tuple[int, int, int], Suggestion] = {}
        for said, fact in answered:
            place = _place(said, fact)
            rows[place] = rows.get(place) or self._answer(said, fact)
        others = list(self._others({_stay_of(row) for row in rows.values()}))
        rests = self._rests({_stay_of(row) for row in [*rows.values(), *others]})
        everything = [*rows.values(), *others, *rests]
        everything.sort(key=lambda row: row.settled_at or row.proposed_at)
        Suggestion.objects.bulk_create(everything, batch_size=1000)
        bulk.insert([self._content(row) for row in rows.values() if row.mail is not None])
        Acknowledgement.objects.bulk_create(
            [
                self._acknowledgement(said, fact, rows[_place(said, fact)])
                for said, fact in answered
            ],
            batch_size=1000,
        )

    # --- what was answered --------------------------------------------------------------------

    def _answer(self, said: Said, fact: Touchpoint) -> Suggestion:
        batch, answer, customer_id = self.batch, said.answer, fact.customer_id
        assert answer is not None
        on = batch.at(said.ago, said.minute).date()
        row = self._suggestion(self._play(said, customer_id, on), customer_id, on)
        row.about = fact
        row.evidence = {"on": on.isoformat(), "kind": said.kind.value}
        row.proposed_at = batch.at(said.ago, said.minute) + timedelta(minutes=1)
        row.mail = batch.letters.get(_place(said, fact))
        row.settled_at = batch.at(answer.ago, answer.minute)
        row.settled_by = self.staff[answer.by]
        row.state = SuggestionState.DONE
        if row.mail is not None:
            draft = letter_of(row, batch.shop)
            row.subject, row.opening, row.closing = draft.subject, draft.opening, draft.closing
            row.personal, row.revision = answer.words, 1
        elif answer.channel is None:
            told = self.random.choice(read("words")["settled"]["otherwise"])
            row.state, row.reason, row.note = SuggestionState.DISMISSED, "otherwise", told
        return row

    def _play(self, said: Said, customer_id: int, on: date) -> str:
        call = call_of(said)
        stage = self._stay(customer_id, on).stage
        if call == Call.SOLVE:
            return "recovery.listen"
        if call == Call.TEND:
            return "delight.thank"
        if call == Call.THANK:
            is_pass = said.kind in {Kind.SHARE, Kind.REFERRAL} or said.is_public
            return "circulation.thank" if is_pass else "engagement.thank"
        if said.kind == Kind.RECOVERY and said.value == 1:
            return "recovery.thank"
        return "empathy.answer" if stage >= Stage.EMPATHY else "observer.answer"

    def _acknowledgement(self, said: Said, fact: Touchpoint, row: Suggestion) -> Acknowledgement:
        assert said.answer is not None
        assert row.settled_at is not None
        return Acknowledgement(
            shop=self.batch.shop,
            touchpoint=fact,
            at=row.settled_at,
            channel=said.answer.channel or "",
            by=row.settled_by,
            suggestion=row,
        )

    def _content(self, row: Suggestion) -> MailContent:
        shop = self.batch.shop
        words = words_of_mail(row, letter_of(row, shop), shop)
        return MailContent(
            shop=shop,
            mail=row.mail,
            language=words.language,
            subject=words.subject,
            text=words.text,
            html=words.html,
            sender_name=words.sender_name,
            personal_hash=words.personal_hash,
        )

    # --- what else was done, and who was left in peace ------------------------------------------

    def _others(self, advised: set[tuple[int, date]]) -> Iterator[Suggestion]:
        """Cards in parcels, and suggestions that were set aside with a reason."""
        free = [
            relation
            for relation in self._relations()
            if (relation.customer_id, relation.since_on) not in advised
            and not relation.marks
            and (self.batch.today - relation.since_on).days > SETTLED_BEFORE
        ]
        self.random.shuffle(free)
        for told in read("words")["settled"]["other"]:
            play = BY_KEY[told["play"]]
            relation = next(each for each in free if each.stage == told["stage"])
            free.remove(relation)
            row = self._rest(relation, play.key)
            row.state, row.note = SuggestionState(told["state"]), told["note"]
            row.reason = told.get("reason", "")
            self._settle(row, self._after(row.proposed_at, 2))
            yield row

    def _rests(self, advised: set[tuple[int, date]]) -> list[Suggestion]:
        """Everybody whose present stay has seen no suggestion was left in peace; but what is
        unresolved was not: somebody wrote, and waits for an answer."""
        rows: list[Suggestion] = []
        for relation in self._relations():
            known = (relation.customer_id, relation.since_on) in advised
            days = (self.batch.today - relation.since_on).days
            if Mark.RECOVERY_FIRST in relation.marks:
                rows += self._listened(relation)
                continue
            if known or days <= SETTLED_BEFORE or relation.stage == Stage.OBSERVER:
                continue
            is_regular = Mark.QUIET_REGULAR in relation.marks
            play = "landing.regular" if is_regular else _REST_BY_STAGE[Stage(relation.stage)]
            row = self._rest(relation, play)
            spent_at = datetime.combine(row.expires_on or date.max, time(), self.batch.shop.zone)
            if self.random.random() < 0.5 and spent_at < self.batch.at(0, 0):
                row.state, row.reason = SuggestionState.EXPIRED, MailReason.TOO_LATE
                row.settled_at = spent_at
            else:
                row.state = SuggestionState.DONE
                self._settle(row, self._after(row.proposed_at, 1))
            rows.append(row)
        return rows

    def _listened(self, relation: Relationship) -> Iterator[Suggestion]:
        """What somebody of the shop did about the newest of what is unresolved, a day later."""
        troubles = [
            (said, fact)
            for said, fact in self.batch.told
            if fact.customer_id == relation.customer_id and said.kind in _TROUBLE
        ]
        said, fact = troubles[-1]
        if said.ago <= WAITING or (said.kind == Kind.COMPLAINT and said.answer is not None):
            return
        on = self.batch.at(said.ago, said.minute).date()
        row = self._suggestion("recovery.listen", relation.customer_id, on)
        row.about, row.evidence = fact, {"on": on.isoformat()}
        row.proposed_at = self.batch.at(said.ago, said.minute) + timedelta(minutes=1)
        row.state = SuggestionState.DONE
        row.note = self.random.choice(read("words")["settled"]["listened"])
        self._settle(row, self.batch.at(said.ago - 1, 11 * 60))
        yield row

    def _rest(self, relation: Relationship, play: str) -> Suggestion:
        row = self._suggestion(play, relation.customer_id, relation.since_on)
        row.evidence = {
            "since": relation.since_on.isoformat(),
            "cooled": relation.since_on.isoformat(),
            "bought": (relation.last_on or relation.since_on).isoformat(),
            "delivered": (relation.last_on or relation.since_on).isoformat(),
            "orders": relation.orders,
            "acts": 2,
            "passes": 1,
            "nps": 9,
        }
        # By the morning's look, some days into the stay.
        on = relation.since_on + timedelta(days=1 + self.random.randint(0, SETTLED_BEFORE - 3))
        row.proposed_at = datetime.combine(on, time(5, 5), self.batch.shop.zone)
        row.expires_on = on + timedelta(days=row.what.lasts_days)
        return row

    def _suggestion(self, play: str, customer_id: int, on: date) -> Suggestion:
        return Suggestion(
            shop=self.batch.shop,
            customer=self.customers[customer_id],
            play=play,
            spell_from_on=self._stay(customer_id, on).from_on,
            rank=BY_KEY[play].call,
            expires_on=on + timedelta(days=BY_KEY[play].lasts_days),
        )

    def _settle(self, row: Suggestion, at: datetime) -> None:
        row.settled_at, row.settled_by = at, self.random.choice(self.staff)

    def _after(self, moment: datetime, days: int) -> datetime:
        at = moment + timedelta(days=self.random.randrange(days), hours=5, minutes=20)
        return min(at, self.batch.at(1, 12 * 60))

    def _relations(self) -> Iterator[Relationship]:
        rows = Relationship.objects.filter(shop=self.batch.shop).order_by("customer_id")
        yield from rows

    def _stay(self, customer_id: int, on: date) -> StageSpell:
        """Where somebody stood that day; before their first day, at their first stay."""
        stays = self.stays[customer_id]
        return next((stay for stay in reversed(stays) if stay.from_on <= on), stays[0])


def _place(said: Said, fact: Touchpoint) -> tuple[int, int, int]:
    """What one answer is found by; several facts may share it."""
    assert said.answer is not None
    return fact.customer_id, said.answer.ago, said.answer.minute


def _stay_of(row: Suggestion) -> tuple[int, date]:
    return row.customer_id, row.spell_from_on
