"""A row of work of one shop that names a subject of another: nothing is seen or moved.

No page and no calendar makes such a row; should one ever stand in the table, which no wall
surrounds, the walls around its subject hold all the same.
"""

import pytest

from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.registry import handlers
from crm.work.services import claim, run
from tests.factories import make_shop
from tests.fingerprints import fingerprint
from tests.kinds import SUBJECTS

# Work is due by the clock of its transaction: each step here has its own.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def ours(db):
    return make_shop("otonari")


@pytest.fixture
def theirs(db):
    return make_shop("yosono")


def subject_in(shop, kind):
    """The ref of a new subject, whose own wishes are set aside."""
    with tenant(shop):
        ref = SUBJECTS[kind](shop)
    Work.objects.all().delete()
    return ref


def do(kind, *, shop, ref):
    Work.objects.create(shop=shop, kind=kind, ref=ref)
    (row,) = claim(kind)
    return run(row)


def test_every_kind_of_work_has_a_subject_and_every_subject_a_kind():
    assert set(SUBJECTS) == set(handlers)


@pytest.mark.parametrize("kind", sorted(SUBJECTS))
def test_in_its_own_shop_the_work_moves_something(kind, theirs):
    """Else the test below would prove nothing."""
    ref = subject_in(theirs, kind)
    before = fingerprint(theirs)

    is_done = do(kind, shop=theirs, ref=ref)

    assert is_done
    assert fingerprint(theirs) != before


@pytest.mark.parametrize("kind", sorted(SUBJECTS))
def test_work_that_names_a_subject_of_another_shop_sees_and_moves_nothing(kind, ours, theirs):
    ref = subject_in(theirs, kind)
    before = [fingerprint(shop, but="crm_work") for shop in (ours, theirs)]

    do(kind, shop=ours, ref=ref)

    assert [fingerprint(shop, but="crm_work") for shop in (ours, theirs)] == before
    assert not Work.objects.filter(shop=theirs).exists()
