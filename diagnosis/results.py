"""A finished attempt as its page shows it, worked out anew from the answers each time."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.figures.charts import Chart, Series, Tone, radar
from crm.stages.enums import Stage
from crm.stages.labels import STAGE_NAMES
from diagnosis.content import STAGES, Question, Quiz, Text
from diagnosis.models import Attempt
from diagnosis.rules import Assessment, assess


@dataclass(frozen=True)
class Rung:
    """The readiness for one stage, with what it was the time before, where there was one."""

    stage: int
    readiness: int
    pulled: int
    before: int | None

    @property
    def name(self) -> Promise:
        return STAGE_NAMES[Stage(self.stage)]


@dataclass(frozen=True)
class ResultView:
    """All that templates/diagnosis/result.html says."""

    quiz: Quiz
    assessment: Assessment
    means: Text
    rungs: tuple[Rung, ...]  # the highest stage first, as on a ladder
    chart: Chart
    finished_at: datetime | None
    earlier_at: datetime | None

    @property
    def stage(self) -> int:
        return self.assessment.stage

    @property
    def more_gaps(self) -> list[Question]:
        """What the bottleneck lacks beyond what to start with."""
        return [each for each in self.assessment.gaps if each not in self.assessment.start]


def view_of(attempt: Attempt) -> ResultView:
    """The result of a finished attempt; beside the earlier one, where it was taken again."""
    quiz = attempt.version.content
    now = assess(quiz, attempt.answers)
    earlier = attempt.earlier
    before = assess(earlier.version.content, earlier.answers) if earlier else None
    return ResultView(
        quiz=quiz,
        assessment=now,
        means=quiz.means[now.stage],
        rungs=tuple(
            Rung(
                stage,
                now.readiness[stage],
                now.pulled[stage],
                before.readiness[stage] if before else None,
            )
            for stage in reversed(STAGES)
        ),
        chart=_chart(now, before),
        finished_at=attempt.finished_at,
        earlier_at=earlier.finished_at if earlier else None,
    )


def _chart(now: Assessment, before: Assessment | None) -> Chart:
    series = [Series(_("Now"), now.readiness, Tone.AI)]
    if before is not None:
        series.insert(0, Series(_("The time before"), before.readiness, Tone.LEVEL))
    return radar(
        "readiness",
        says=_("Readiness for each of the five stages, of 100 points"),
        labels=[STAGE_NAMES[Stage(stage)] for stage in STAGES],
        series=series,
        axis=_("Stage"),
        high=100,
    )
