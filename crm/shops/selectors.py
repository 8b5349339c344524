from django.db.models import QuerySet

from crm.shops.models import Shop, User


def shop_called(word: str) -> Shop | None:
    """The shop with this word in its addresses, in whichever case it was typed."""
    return Shop.objects.filter(slug=word.lower()).first()


def shops_of(user: User) -> QuerySet[Shop]:
    """The shops this person works in, by name."""
    return Shop.objects.filter(memberships__user=user).order_by("name", "slug")
