"""The demo shop: おとなり茶舗, its staff, and 300 people over eighteen months."""

from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.db import transaction

from crm.followups.services import propose
from crm.shops.enums import Role
from crm.shops.models import Membership, Shop, User
from crm.shops.services import create_shop, rename_user, update_profile
from crm.stages.services import reassess, recompute
from crm.stages.yardsticks import measuring_day
from crm.tenancy.door import tenant
from diagnosis.services import open_quiz
from horetsu_site.demo.answers import Replies
from horetsu_site.demo.batch import Batch
from horetsu_site.demo.cases import open_cases
from horetsu_site.demo.cast import cast
from horetsu_site.demo.crowd import crowd
from horetsu_site.demo.entrance import EMAIL, PASSWORD, SLUG
from horetsu_site.demo.life import Person
from horetsu_site.demo.suggestion_rows import History
from horetsu_site.demo.takers import write_takers
from horetsu_site.demo.words import Namer, Speaker
from horetsu_site.demo.writing import write
from surveys.enums import SurveyKind
from surveys.services import begin_survey

#: Who works there, each with the password of the owner.
STAFF = [
    (EMAIL, "三浦 紗季", Role.OWNER),
    ("inoue@otonari-chaho.example", "井上 陽一", Role.MANAGER),
    ("ono@otonari-chaho.example", "小野 千夏", Role.STAFF),
    ("hasebe@otonari-chaho.example", "長谷部 税理士", Role.VIEWER),
]

SEED = 34
PEOPLE = 300
DAYS = 548  # eighteen months
ASKING_SINCE = 520  # days ago: the surveys were switched on soon after the beginning
FRESH = 3  # days; what happened since then is worth a proposal of its own, as for any shop


def is_seeded() -> bool:
    return Shop.objects.filter(slug=SLUG).exists()


def seed(*, now: datetime) -> Shop:
    """Open the demo shop with its people, judge them all, and propose what suits today.

    Nothing is left to be done: no worker has to look before a first page is full, and no mail
    waits to be sent.
    """
    with transaction.atomic():
        users = _users()
        shop = _open(users)
    today = now.astimezone(shop.zone).date()
    with tenant(shop):
        asking_since = now - timedelta(days=ASKING_SINCE)
        quiz = open_quiz(shop=shop, slug=settings.LANDING_QUIZ)
        surveys = [begin_survey(shop=shop, kind=kind, at=asking_since) for kind in SurveyKind]
        versions = {survey.kind: survey.versions.get() for survey in surveys}
        staff = [user for user, (_email, _name, role) in zip(users, STAFF, strict=True)
                 if role != Role.VIEWER]  # fmt: skip
        batch = Batch(shop=shop, today=today, versions=versions, people=people(len(staff)))
        write(batch)
        random = Random(SEED)
        write_takers(batch, quiz.versions.latest("n"), random=random)
        open_cases(batch, staff=staff, random=random, speaker=Speaker(random), now=now)
    measure_on = measuring_day(today, today=today)
    for _judged in recompute(shop=shop, as_of=today, measure_on=measure_on):
        pass
    with tenant(shop):
        History(batch, staff=staff, random=random).write()
        _propose(batch, now)
    return shop


def people(staff: int) -> list[Person]:
    """The same three hundred each time: the cast, and a crowd around it; answered by so many."""
    random = Random(SEED)
    known = cast(random)
    namer, speaker = Namer(random, taken={each.name for each in known}), Speaker(random)
    others = crowd(PEOPLE - len(known), days=DAYS, random=random, namer=namer, speaker=speaker)
    everybody = [*known, *others]
    Replies(staff=staff, random=random, speaker=speaker).give(everybody)
    return everybody


def _propose(batch: Batch, now: datetime) -> None:
    """Look at those to whom something happened lately, as the workers do."""
    for person, customer in batch.known:
        if person.last_ago <= FRESH:
            assessment = reassess(customer=customer, now=now)
            if assessment is not None:
                propose(customer=customer, assessment=assessment, now=now)


def _users() -> list[User]:
    users = [
        User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD)
        for email, _name, _role in STAFF
    ]
    for user, (_email, name, _role) in zip(users, STAFF, strict=True):
        rename_user(user=user, name=name)
    return users


def _open(users: list[User]) -> Shop:
    shop = create_shop(slug=SLUG, name="おとなり茶舗", time_zone="Asia/Tokyo", owner=users[0])
    Membership.objects.bulk_create(
        Membership(shop=shop, user=user, role=role)
        for user, (_email, _name, role) in zip(users[1:], STAFF[1:], strict=True)
    )
    update_profile(
        shop=shop,
        keeper_name="三浦 紗季",
        keeper_title="店主",
        postal_address="〒390-0000 長野県松本市見本町1-2",
    )
    return shop
