"""What the facts say at the end of one day, by counting (see `oracle`)."""

import math
from datetime import date, timedelta
from itertools import combinations, pairwise
from statistics import median

from crm.stages.facts import Fact, History, Purchase
from crm.stages.rule_settings import RuleSettings

WORDED = [
    *("expectation", "evaluation", "perceived", "nps", "recovery"),
    *("letter", "inquiry", "reply", "review"),
]


class Day:
    """What the facts known by the end of `known` say at the end of `day`."""

    def __init__(self, history: History, zone, s: RuleSettings, day: date, known: date):
        self.s, self.zone, self.day = s, zone, day
        self.known = min(day, known)
        self.own_ids = history.customer_ids
        self.all_purchases = self.dedupe(history.purchases)
        self.purchases = [p for p in self.all_purchases if self.is_valid(p)]
        self.purchases.sort(key=lambda p: (p.at, p.id))
        self.facts = self.dedupe(history.facts)
        by_id = {f.id: f for f in self.facts}
        self.chains = {}
        for fact in self.facts:
            root, hops = fact, 0
            while root.replaces_id in by_id:
                root, hops = by_id[root.replaces_id], hops + 1
            if self.is_known(fact.at) and fact.standing != "suspected":
                self.chains.setdefault(root.id, []).append((fact.at, hops, fact.source, fact))
        self.chains = [[link[3] for link in sorted(chain)] for chain in self.chains.values()]
        self.chains = [chain for chain in self.chains if chain[-1].standing == "counts"]
        self.verdicts = self.read_verdicts()

    # -- the calendar

    def on(self, at) -> date:
        return at.astimezone(self.zone).date()

    def is_known(self, at) -> bool:
        return at is not None and self.on(at) <= self.known

    def age(self, on: date) -> int:
        return (self.day - on).days

    @staticmethod
    def dedupe(things):
        return list({thing.id: thing for thing in things}.values())

    def of(self, *kinds):
        return [chain for chain in self.chains if chain[-1].kind in kinds]

    # -- purchases

    def is_valid(self, p: Purchase) -> bool:
        if p.status in ("test", "sample") or not self.is_known(p.at):
            return False
        if (p.status in ("cancelled", "returned") or p.voided_at) and (
            p.voided_at is None or self.is_known(p.voided_at)
        ):
            return False
        is_refunded = p.refunded > 0 and (p.refunded_at is None or self.is_known(p.refunded_at))
        return not (is_refunded and p.refunded >= p.total)

    def spent(self) -> int:
        total = 0
        for p in self.purchases:
            if not p.is_foreign:
                total += p.total
                if p.refunded and (p.refunded_at is None or self.is_known(p.refunded_at)):
                    total -= p.refunded
        return total

    def decision_days(self) -> list[date]:
        days = {self.on(p.at) for p in self.purchases if not p.subscription_id}
        for contract in {p.subscription_id for p in self.purchases if p.subscription_id}:
            renewals = [p for p in self.purchases if p.subscription_id == contract]
            days.add(self.on(renewals[0].at))
            agreed = self.s.agreed_renewals
            for place, renewal in enumerate(renewals, start=1):
                if renewal.subscription_agreed is not None:
                    agreed = max(1, renewal.subscription_agreed)
                if place > agreed:
                    days.add(self.on(renewal.at))
                    break
        return sorted(days)

    def own_median(self) -> float | None:
        days = self.decision_days()
        if len(days) < self.s.rhythm_from_days:
            return None
        return median((b - a).days for a, b in pairwise(days))

    def rhythm(self, of_shop: float | None) -> float:
        found = self.own_median()
        found = found if found is not None else of_shop
        return max(self.s.rhythm_floor, self.s.rhythm_default if found is None else found)

    def recency(self) -> int | None:
        return self.age(max(self.on(p.at) for p in self.purchases)) if self.purchases else None

    # -- answers

    def verdict(self, fact: Fact, expected) -> str | None:
        if fact.value is None:
            return None
        gap, band = fact.value - expected, self.s.tolerance if fact.kind == "evaluation" else 0
        return "dissatisfied" if gap < -band else "delighted" if gap > band else "satisfied"

    def voiced(self, chain, expected):
        """(verdict, the moment since which it has been that)."""
        verdicts = [self.verdict(fact, expected) for fact in chain]
        first = len(chain) - 1
        while first and verdicts[first - 1] == verdicts[-1]:
            first -= 1
        return verdicts[-1], chain[first].at

    def expected(self, evaluation):
        purchase = next((p for p in self.all_purchases if p.id == evaluation[-1].purchase_id), None)
        if purchase is None or not self.is_known(purchase.at) or purchase.status == "test":
            return None
        found = []
        for chain in self.of("expectation"):
            if chain[-1].purchase_id != purchase.id or chain[-1].value is None:
                continue
            for place, fact in enumerate(chain):
                if fact.value is None or fact.at >= evaluation[0].at:
                    continue
                if self.is_known(purchase.delivered_at):
                    in_time = fact.at < purchase.delivered_at
                else:
                    waited = self.on(fact.at) - self.on(purchase.at)
                    in_time = waited.days <= self.s.expectation_days
                if in_time:
                    found.append((chain[0].at, chain[0].source, place, fact))
        return max(found)[3] if found else None

    def read_verdicts(self):
        """(role, first moment, order moment, source, verdict, voiced at, chain) of each."""
        found = []
        ordered = {p.id: p.at for p in self.all_purchases if self.is_known(p.at)}
        early = min(ordered.values(), default=None)
        for chain in self.of("evaluation", "perceived", "recovery"):
            kind, about = chain[-1].kind, chain[-1].purchase_id
            if chain[-1].value is None:
                continue
            expected = 0
            if kind == "evaluation":
                expectation = self.expected(chain)
                if expectation is None:
                    continue
                expected = expectation.value
            verdict, voiced_at = self.voiced(chain, expected)
            order = ordered.get(about) if kind != "recovery" else None
            order = order or (early or chain[0].at) - timedelta(days=1)
            found.append((kind, chain[0].at, order, chain[0].source, verdict, voiced_at, chain))
        return found

    def answers(self):
        """The one verdict that counts of each purchase, the latest last."""
        chosen = {}
        for kind in ("perceived", "evaluation"):
            latest = {}
            for verdict in sorted(v[1:] for v in self.verdicts if v[0] == kind):
                chain = verdict[-1]
                latest[chain[-1].purchase_id or -chain[-1].id] = verdict
            chosen.update(latest)
        return sorted(chosen.values(), key=lambda verdict: verdict[:3])

    def recoveries(self):
        return [verdict[1:] for verdict in self.verdicts if verdict[0] == "recovery"]

    def balance(self, window: int) -> str | None:
        inside = [a for a in self.answers() if self.age(self.on(a[0])) <= window]
        return inside[-1][3] if inside else None

    def delights(self, window: int) -> int:
        inside = [a for a in self.answers() if self.age(self.on(a[0])) <= window]
        return sum(a[3] == "delighted" for a in inside)

    def recovered(self, window: int) -> str | None:
        inside = {r[3] for r in self.recoveries() if self.age(self.on(r[0])) <= window}
        if "delighted" in inside:
            return "exceeded"
        return "met" if "satisfied" in inside else None

    def nps(self, window: int):
        given = [
            (chain[0].at, chain[0].source, chain[-1].value)
            for chain in self.of("nps")
            if chain[-1].value is not None and self.age(self.on(chain[0].at)) <= window
        ]
        return max(given)[2] if given else None

    # -- words, acts, passes

    def bad_review(self, fact: Fact) -> bool:
        return (
            fact.kind == "review"
            and fact.stars is not None
            and fact.stars <= self.s.review_complaint_stars
        )

    def word_days(self) -> list[tuple[date, Fact]]:
        together = {}
        for chain in self.chains:
            together.setdefault(chain[-1].response or chain[0].source, []).append(chain)
        dissatisfied = {id(v[-1]) for v in self.verdicts if v[4] == "dissatisfied"}
        found = []
        for chains in together.values():
            if any(id(chain) in dissatisfied for chain in chains):
                continue
            if any(
                chain[-1].kind == "nps"
                and chain[-1].value is not None
                and chain[-1].value < self.s.words_nps
                for chain in chains
            ):
                continue
            worded = []
            for chain in chains:
                fact = chain[-1]
                least = self.s.words_ja if fact.words_is_ja else self.s.words_other
                if fact.kind == "review" and (fact.is_rewarded or self.bad_review(fact)):
                    continue
                if fact.kind in WORDED and fact.words_len >= least:
                    worded.append((self.on(chain[0].at), chain[0].source, fact))
            if worded:
                found.append((max(worded)[0], max(worded)[2]))
        return found

    def words(self, window: int) -> int:
        return sum(self.age(on) <= window for on, _fact in self.word_days())

    def pass_days(self) -> list[tuple[date, Fact]]:
        found, introduced = [], set()
        for chain in sorted(self.chains, key=lambda chain: (chain[0].at, chain[0].source)):
            fact, on = chain[-1], self.on(chain[0].at)
            if fact.is_rewarded:
                continue
            if fact.kind == "share" and fact.is_public:
                found.append((on, fact))
            if (
                fact.kind == "review"
                and fact.is_public
                and fact.words_len
                and (fact.stars or 0) >= self.s.review_pass_stars
            ):
                found.append((on, fact))
            if fact.kind == "referral" and fact.other_id not in self.own_ids:
                days = [self.on(p.at) for p in self.dedupe(fact.others) if self.is_valid(p)]
                who = fact.other_id or -fact.id
                if days and who not in introduced:
                    introduced.add(who)
                    found.append((max(on, min(days)), fact))
        return found

    def act_days(self) -> list[tuple[date, Fact]]:
        found = self.pass_days()
        for chain in self.chains:
            fact = chain[-1]
            if fact.is_rewarded:
                continue
            if fact.kind in ("event", "idea", "community") or (
                fact.kind == "review"
                and fact.words_len
                and (fact.stars or 0) >= self.s.review_act_stars
            ):
                found.append((self.on(chain[0].at), fact))
        return found

    def acts(self, window: int) -> int:
        return len({on for on, _fact in self.act_days() if self.age(on) <= window})

    def passes(self, window: int) -> list[date]:
        return sorted({on for on, _fact in self.pass_days() if self.age(on) <= window})

    # -- unresolved

    def is_unresolved(self) -> bool:
        return self.has_open_complaint() or self.has_open_answer()

    def has_open_complaint(self) -> bool:
        cases = {}
        rank = {"complaint": 0, "review": 0, "complaint_closed": 1, "complaint_reopened": 2}
        for chain in self.of(*rank):
            fact = chain[-1]
            if fact.kind == "review" and not self.bad_review(fact):
                continue
            first = len(chain) - 1
            while first and (fact.kind != "review" or self.bad_review(chain[first - 1])):
                first -= 1
            order = (chain[first].at, rank[fact.kind], chain[0].source)
            cases.setdefault(fact.thread or chain[0].source, []).append((order, fact.kind))
        return any(max(moves)[1] != "complaint_closed" for moves in cases.values())

    def has_open_answer(self) -> bool:
        said = [*self.answers(), *self.recoveries()]
        for verdict in said:
            voiced_at = verdict[4]
            if verdict[3] != "dissatisfied":
                continue
            is_good_since = any(v[3] != "dissatisfied" and v[4] > voiced_at for v in said)
            later = [day for day in self.decision_days() if day > self.on(voiced_at)]
            if (
                not is_good_since
                and len(later) < self.s.unresolved_purchase_days
                and self.age(self.on(voiced_at)) < self.s.unresolved_days
            ):
                return True
        return False

    # -- gates

    def is_open(self, stage: int, window: int) -> bool:
        s, nps = self.s, self.nps(window)
        nps = -1 if nps is None else nps
        bought = len(self.decision_days())
        if stage == 1:
            recency = self.recency()
            is_near = recency is not None and recency <= s.landing_days
            return (is_near or self.acts(window) >= 1 or self.words(window) >= 1) and (
                self.balance(window) in ("satisfied", "delighted")
                or nps >= s.landing_nps
                or bought >= s.landing_purchase_days
                or self.recovered(window) is not None
                or self.words(window) >= s.landing_words
                or self.acts(window) >= s.landing_acts
            )
        if stage == 2:
            return (
                self.words(window) >= s.empathy_words
                or self.acts(window) >= s.empathy_acts
                or self.recovered(window) == "exceeded"
                or (
                    self.delights(window) >= s.empathy_delights
                    and (nps >= s.empathy_nps or bought >= s.empathy_purchase_days)
                )
            )
        if stage == 3:
            return self.acts(window) >= s.engagement_acts
        passes = self.passes(window)
        return any(
            (later - earlier).days >= s.circulation_apart_days
            for earlier, later in combinations(passes, 2)
        ) or (
            len(passes) >= s.circulation_passes_of_promoter
            and nps >= s.circulation_nps
            and bought >= s.circulation_purchase_days
        )

    # -- warmth

    def weights(self) -> list[tuple[date, float]]:
        s = self.s
        weights = {f"purchase {p.id}": (self.on(p.at), s.weight_purchase) for p in self.purchases}

        def offer(on, fact, weight):
            old = weights.get(fact.id, (on, -math.inf))
            weights[fact.id] = (on, weight) if weight > old[1] else old

        by_verdict = {
            "dissatisfied": s.weight_dissatisfied,
            "satisfied": s.weight_answer,
            "delighted": s.weight_delighted,
        }
        for on, fact in self.word_days():
            offer(on, fact, s.weight_words)
        for on, fact in self.act_days():
            offer(on, fact, s.weight_act)
        for on, fact in self.pass_days():
            offer(on, fact, s.weight_pass)
        for verdict in self.answers():
            offer(self.on(verdict[0]), verdict[-1][-1], by_verdict[verdict[3]])
        for verdict in self.recoveries():
            if verdict[3] != "dissatisfied":
                offer(self.on(verdict[0]), verdict[-1][-1], s.weight_recovered)
        for chain in self.chains:
            fact, on = chain[-1], self.on(chain[0].at)
            if fact.kind == "nps" and fact.value is not None:
                offer(on, fact, s.weight_nps)
            if fact.kind == "complaint" or self.bad_review(fact):
                offer(on, fact, s.weight_complaint)
            if fact.kind == "unsubscribed":
                offer(on, fact, s.weight_unsubscribed)
        return list(weights.values())

    def warmth(self, rhythm: float) -> float:
        faded = [weight * 2 ** (-self.age(on) / rhythm) for on, weight in self.weights()]
        return round(math.fsum(faded), 9)
