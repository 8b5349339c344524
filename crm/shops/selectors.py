from django.db.models import QuerySet

from crm.shops.models import Shop, User


def shops_of(user: User) -> QuerySet[Shop]:
    """The shops this person works in, by name."""
    return Shop.objects.filter(memberships__user=user).order_by("name", "slug")
