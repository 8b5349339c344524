"""The written rule, done the slow and plain way: every day anew, from all facts.

It shares no code with `crm.stages` but the input classes, and looks at each day and each
window by counting. What it says, the replay must say.
"""

import math
from datetime import date, timedelta

from crm.stages.facts import History
from crm.stages.rule_settings import RuleSettings
from tests.crm.stages.oracle_day import Day


class Oracle:
    """A history day by day; with `known`, as if nothing happened after that day."""

    def __init__(self, history: History, zone, s: RuleSettings, known: date = date.max):
        self.history, self.zone, self.s, self.known = history, zone, s, known
        self.first = self._first_day()
        self._days = {}
        self.stages, self.began = {}, {}

    def _first_day(self) -> date | None:
        moments = [p.at for p in self.history.purchases if p.status != "test"]
        moments += [f.at for f in self.history.facts if f.standing != "suspected"]
        days = [at.astimezone(self.zone).date() for at in moments]
        return min((day for day in days if day <= self.known), default=None)

    def day(self, day: date) -> Day:
        if day not in self._days:
            self._days[day] = Day(self.history, self.zone, self.s, day, self.known)
        return self._days[day]

    def run(self, until: date) -> "Oracle":
        """Fill `stages` (and `began`, for the days with something unresolved)."""
        day, stage, began, base = self.first, 0, None, 0
        while day <= until:
            today = self.day(day)
            opened = 0
            for gate in (1, 2, 3, 4):
                window = self.s.keep_days if gate <= stage else self.s.gain_days
                if not today.is_open(gate, window):
                    break
                opened = gate
            if today.is_unresolved():
                if began is None:
                    began, base = day, stage
                lowered = max(0, base - (day - began).days // self.s.unresolved_step_days)
                stage = min(lowered, opened, stage)
                self.began[day] = began
            else:
                stage, began = opened, None
            self.stages[day] = stage
            day += timedelta(days=1)
        return self

    def since(self, day: date) -> date:
        since = day
        while self.stages.get(since - timedelta(days=1)) == self.stages[day]:
            since -= timedelta(days=1)
        return since

    def marks(self, day: date, rhythm: float, dwell) -> set[str]:
        today, stage = self.day(day), self.stages[day]
        recency = today.recency()
        marks = set()
        if today.is_unresolved():
            marks.add("recovery_first")
        if recency is not None and recency > self.s.dormant_days:
            marks.add("dormant")
        if (
            recency is not None
            and stage == 1
            and len(today.decision_days()) >= self.s.regular_purchase_days
            and recency <= self.s.regular_rhythms * rhythm
        ):
            marks.add("quiet_regular")
        if stage < 4 and today.purchases and not marks & {"dormant", "quiet_regular"}:
            limit = self.s.stalled_days if dwell[stage] is None else dwell[stage]
            if (day - self.since(day)).days > limit:
                marks.add("stalled")
        soon = [day + timedelta(days=ahead) for ahead in range(1, self.s.lapse_days + 1)]
        if any(self.stages[later] < stage for later in soon):
            marks.add("about_to_lapse")
        return marks

    def direction(self, day: date, rhythm: float) -> str:
        stride = timedelta(days=math.floor(rhythm + 0.5))
        now = self.day(day).warmth(rhythm)
        before = self.day(day - stride).warmth(rhythm)
        if now < self.s.quiet_below and before < self.s.quiet_below:
            return "quiet"
        change = (now - before) / max(before, 1)
        if change > self.s.direction_change:
            return "warming"
        if change >= -self.s.direction_change:
            return "steady"
        today = self.day(day)
        recency = today.recency()
        is_recent = recency is not None and recency <= self.s.silence_rhythms * rhythm
        is_hurt = any(weight < 0 and today.age(on) < stride.days for on, weight in today.weights())
        return "steady" if is_recent and not is_hurt else "cooling"

    def cooling_since(self, day: date, rhythm: float) -> date | None:
        since = None
        while day >= self.first and self.direction(day, rhythm) == "cooling":
            since, day = day, day - timedelta(days=1)
        return since
