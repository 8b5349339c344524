from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from crm.mail.models import Mail
from crm.shops.models import Shop
from crm.stages.enums import Stage
from crm.stages.models import Relationship
from crm.tenancy.door import tenant
from crm.work.models import Work
from horetsu_site import demo

pytestmark = pytest.mark.django_db


def test_the_demo_shop_has_somebody_at_every_stage_and_writes_to_nobody():
    shop = demo.seed(now=timezone.now())

    with tenant(shop):
        stages = Counter(Relationship.objects.values_list("stage", flat=True))
        assert not Mail.objects.exists()
    assert stages == {
        Stage.OBSERVER: 4,
        Stage.LANDING: 3,
        Stage.EMPATHY: 4,
        Stage.ENGAGEMENT: 2,
        Stage.CIRCULATION: 1,
    }
    assert not Work.objects.filter(kind="review").exists()


def test_the_demo_shop_is_loaded_once():
    call_command("seed_demo")
    call_command("seed_demo")

    assert Shop.objects.filter(slug=demo.SLUG).count() == 1


def test_the_demo_shop_is_for_local_mode_only(settings):
    settings.LOCAL = False

    with pytest.raises(CommandError):
        call_command("seed_demo")
