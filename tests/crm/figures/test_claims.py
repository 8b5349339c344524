import pytest

from crm.figures.claims import Claim, Verdict, findings
from crm.figures.report import Feelings, Followed
from crm.figures.shares import Mean, Share
from crm.stages.enums import Balance


def followed(n: int, *, complained: int = 0, passed: int = 0) -> Followed:
    return Followed(n, Share(complained, n), Share(0, n), Share(passed, n), Mean(0, None, None))


def verdicts(below: Followed, level: Followed, above: Followed) -> dict[Claim, Verdict]:
    told = dict(zip(Balance, (below, level, above), strict=True))
    return {one.claim: one.verdict for one in findings(Feelings({}, told))}


@pytest.mark.parametrize(
    ("above", "verdict"),
    [
        (followed(31, passed=9), Verdict.HOLDS),
        (followed(31, passed=3), Verdict.OPEN),
        (followed(9, passed=9), Verdict.OPEN),  # too few to be read, however clear
    ],
)
def test_delight_is_passed_on_only_when_the_figures_say_so(above, verdict):
    found = verdicts(followed(14), followed(51, passed=2), above)

    assert found[Claim.DELIGHT_PASSES_ON] is verdict


def test_figures_that_contradict_the_formula_are_said_as_they_are():
    found = verdicts(followed(40), followed(60, complained=30, passed=30), followed(40))

    assert set(found.values()) == {Verdict.CONTRARY}
