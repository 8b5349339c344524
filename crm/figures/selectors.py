from datetime import date, timedelta

from crm.customers.models import Customer
from crm.figures.counting import Numbers, count
from crm.figures.models import KeptFigures
from crm.figures.periods import Period
from crm.shops.models import Shop

#: Up to so many customers everything is counted while the page waits.
COUNTED_LIVE = 10_000


def figures_of(shop: Shop, *, days: int, today: date) -> Numbers | None:
    """The figures of a period: of a small shop counted now, to this moment; of a large one as
    kept, to the end of the day they were last counted for. None while nobody has counted."""
    if is_counted_live(shop.pk):
        return count(shop, Period(today, days, shop.zone))
    kept = KeptFigures.objects.filter(shop=shop, days=days).first()
    return kept.numbers if kept else None


def is_counted_live(shop_id: int) -> bool:
    """Whether the shop is small enough; looks at no more rows than it takes to know."""
    one_too_many = Customer.objects.filter(shop_id=shop_id).order_by("pk").values("pk")
    return not one_too_many[COUNTED_LIVE : COUNTED_LIVE + 1].exists()


def last_complete_day(today: date) -> date:
    return today - timedelta(days=1)
