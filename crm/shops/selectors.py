from django.db.models import QuerySet

from crm.shops.models import AccountEntry, Shop, User


def shop_called(word: str) -> Shop | None:
    """The shop with this word in its addresses, in whichever case it was typed."""
    return Shop.objects.filter(slug=word.lower()).first()


def shops_of(user: User) -> QuerySet[Shop]:
    """The shops this person works in, by name."""
    return Shop.objects.filter(memberships__user=user).order_by("name", "slug")


def account_entries(user_id: int, *, newest: int = 20) -> QuerySet[AccountEntry]:
    """What happened to a person's account lately, newest first."""
    return AccountEntry.objects.filter(user_id=user_id).order_by("-id")[:newest]
