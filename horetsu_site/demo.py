"""The demo shop: おとなり茶舗 and a few of its customers, each with a small history.

Facts only; where everybody stands is judged from them as it is for any shop. A complaint
and its settling are facts like the others.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from crm.customers.intake import LineIn, OrderIn, take_in_orders
from crm.customers.models import Customer
from crm.customers.register import PersonIn
from crm.ledger.enums import Kind
from crm.ledger.services import record_touchpoint
from crm.shops.models import Shop, User
from crm.shops.services import create_shop, update_profile
from crm.tenancy.door import tenant
from crm.work.tasks import work_off
from surveys.enums import SurveyKind
from surveys.services import begin_survey

SLUG = "otonari"
EMAIL = "miura@otonari-chaho.example"
PASSWORD = "otonari-no-ocha"  # for a machine of one's own; `seed_demo` runs in local mode only

TEA, POT, SWEETS, CUP = "ほうじ茶「宵」", "常滑の急須", "季節の干菓子", "湯のみ「浅葱」"


@dataclass(frozen=True)
class Person:
    """A customer: orders as (days ago, yen, product), other facts as (days ago, kind, details)."""

    name: str
    kana: str
    orders: list[tuple[int, int, str]]
    facts: list[tuple[int, Kind, dict[str, Any]]] = field(default_factory=list)


PEOPLE = [
    Person("青木 千尋", "あおき ちひろ", [(4, 2160, TEA)]),
    Person("石田 修", "いしだ おさむ", [(40, 5400, POT)], [(38, Kind.EXPECTATION, {"value": 8})]),
    Person("上野 真由", "うえの まゆ", [(300, 2160, TEA)]),
    Person("江川 達也", "えがわ たつや", [(210, 2160, TEA), (120, 2160, TEA), (35, 4320, TEA)]),
    Person(
        "大橋 久美子", "おおはし くみこ", [(60, 3780, CUP)],
        [(59, Kind.EXPECTATION, {"value": 7}), (50, Kind.EVALUATION, {"value": 7})],
    ),
    Person(
        "加納 恵", "かのう めぐみ", [(24, 5400, POT)],
        [(23, Kind.EXPECTATION, {"value": 6}), (14, Kind.EVALUATION, {"value": 9})],
    ),
    Person(
        "木村 大輔", "きむら だいすけ", [(18, 2160, TEA)],
        [
            (17, Kind.EXPECTATION, {"value": 9}),
            (8, Kind.EVALUATION, {"value": 5, "text": "届いた箱の角がつぶれていて、贈り物にできませんでした。"}),
            (7, Kind.COMPLAINT, {"thread": "demo:box", "text": "箱がつぶれていました。贈り物だったので残念です。"}),
        ],
    ),
    Person(
        "小山 静香", "こやま しずか", [(190, 2160, TEA), (70, 5400, POT)],
        [
            (66, Kind.COMPLAINT, {"thread": "demo:lid", "text": "急須のふたが欠けていました。"}),
            (62, Kind.COMPLAINT_CLOSED, {"thread": "demo:lid"}),
            (55, Kind.RECOVERY, {"value": 1, "thread": "demo:lid",
             "text": "その日のうちにお電話をいただき、手紙まで添えて新しい品を届けてくださいました。"}),
        ],
    ),
    Person(
        "斎藤 葉子", "さいとう ようこ", [(400, 2160, TEA), (260, 2160, TEA), (90, 4320, TEA)],
        [(85, Kind.LETTER, {"text": "冬の朝、宵を淹れると部屋じゅうが香ばしくなって、一日がゆっくり始まります。"})],
    ),
    Person(
        "高田 明", "たかだ あきら", [(150, 3780, CUP), (45, 2160, TEA)],
        [(30, Kind.REVIEW, {"stars": 4, "text": "湯のみの厚みがちょうどよく、手になじみます。"})],
    ),
    Person(
        "谷口 美穂", "たにぐち みほ", [(320, 2160, TEA), (160, 2700, SWEETS), (20, 2160, TEA)],
        [
            (140, Kind.EVENT, {}),
            (15, Kind.IDEA, {"text": "茶葉の袋に、淹れたときの写真を貼ってみました。よかったらお使いください。"}),
        ],
    ),
    Person(
        "中島 徹", "なかじま とおる", [(500, 2160, TEA), (350, 5400, POT), (100, 2160, TEA)],
        [
            (340, Kind.REVIEW, {"stars": 5, "text": "急須の口切れがよく、最後の一滴まできれいに注げます。"}),
            (90, Kind.COMMUNITY, {"text": "水出しのこつを書きました。"}),
        ],
    ),
    Person(
        "橋本 麻衣", "はしもと まい", [(420, 2160, TEA), (240, 4320, TEA), (30, 5400, POT)],
        [
            (200, Kind.SHARE, {"is_public": True, "text": "友人に教えたくなるお茶です。"}),
            (25, Kind.NPS, {"value": 10}),
            (12, Kind.SHARE, {"is_public": True, "text": "母の日に贈ったら、電話がかかってきました。"}),
        ],
    ),
    Person(
        "山口 佳代", "やまぐち かよ", [(280, 2160, TEA), (130, 2160, TEA), (16, 5400, POT)],
        [
            (15, Kind.EXPECTATION, {"value": 7}),
            (6, Kind.EVALUATION, {"value": 9, "text": "注ぎ口が細く、香りが立つ淹れ方ができるようになりました。ありがとうございます。"}),
        ],
    ),
]  # fmt: skip


def is_seeded() -> bool:
    return Shop.objects.filter(slug=SLUG).exists()


def seed(*, now: datetime) -> Shop:
    """Open the demo shop with its people, and judge them all."""
    with transaction.atomic():
        owner = User.objects.filter(email=EMAIL).first()
        shop = create_shop(
            slug=SLUG,
            name="おとなり茶舗",
            time_zone="Asia/Tokyo",
            owner=owner or User.objects.create_user(EMAIL, PASSWORD),
        )
        update_profile(
            shop=shop,
            keeper_name="三浦 紗季",
            keeper_title="店主",
            postal_address="〒390-0000 長野県松本市見本町1-2",
        )
    with tenant(shop):
        for number, person in enumerate(PEOPLE, start=1):
            _tell(shop, number, person, now)
        for kind in SurveyKind:
            begin_survey(shop=shop, kind=kind, at=now)
    work_off("review")
    work_off("propose")
    return shop


def _tell(shop: Shop, number: int, person: Person, now: datetime) -> None:
    orders = [
        OrderIn(
            external_id=f"{number:03}-{place}",
            person=PersonIn(
                external_id=str(number),
                email=f"customer{number:02}@otonari-chaho.example",
                name=person.name,
                kana=person.kana,
            ),
            ordered_at=now - timedelta(days=days_ago),
            total=yen * 100,
            currency="JPY",
            delivered_at=now - timedelta(days=days_ago - 3) if days_ago > 3 else None,
            lines=(LineIn(product=product),),
        )
        for place, (days_ago, yen, product) in enumerate(person.orders, start=1)
    ]
    take_in_orders(shop_id=shop.pk, source="demo", orders=orders)
    customer = Customer.objects.get(
        shop=shop, identities__source="demo", identities__external_id=str(number)
    )
    latest = customer.purchases.latest("ordered_at")
    about_an_order = {Kind.EXPECTATION, Kind.EVALUATION}
    for place, (days_ago, kind, details) in enumerate(person.facts, start=1):
        record_touchpoint(
            customer=customer,
            kind=kind,
            at=now - timedelta(days=days_ago),
            source=f"demo:{number}:{place}",
            purchase=latest if kind in about_an_order else None,
            **details,
        )
