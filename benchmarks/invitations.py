"""Open invitations by the thousand, for measuring what answering them costs."""

from datetime import timedelta

import django
from django.core.management import call_command
from django.utils import timezone

django.setup()

from crm.customers.models import Customer, Purchase  # noqa: E402
from crm.shops.models import User  # noqa: E402
from crm.shops.services import create_shop  # noqa: E402
from crm.tenancy.door import tenant  # noqa: E402
from surveys.enums import Occasion, SurveyKind  # noqa: E402
from surveys.inviting import answer_url, invite  # noqa: E402
from surveys.models import SurveyVersion  # noqa: E402
from surveys.services import begin_survey  # noqa: E402


def make_invitations(count: int) -> list[str]:
    """Migrate an empty database and fill it; the addresses of the links."""
    call_command("migrate", database="owner", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    now = timezone.now()
    owner = User.objects.create_user("owner@example.com")
    shop = create_shop(slug="bench", name="計測堂", time_zone="UTC", owner=owner)
    with tenant(shop):
        survey = begin_survey(shop=shop, kind=SurveyKind.ORDER, at=now)
        version = SurveyVersion.objects.get(survey=survey)
        people = Customer.objects.bulk_create(
            Customer(shop=shop, name=f"客 {n}", email=f"c{n}@example.com",
                     email_norm=f"c{n}@example.com")
            for n in range(count)
        )  # fmt: skip
        purchases = Purchase.objects.bulk_create(
            Purchase(
                shop=shop, customer=person, source="bench", external_id=str(n),
                ordered_at=now - timedelta(days=1), total=500_000, currency="JPY",
            )
            for n, person in enumerate(people)
        )  # fmt: skip
        return [
            answer_url(
                invite(
                    version=version,
                    occasion=Occasion.EVALUATION,
                    purchase=purchase,
                    shop=shop,
                    now=now,
                )
            )
            for purchase in purchases
        ]
