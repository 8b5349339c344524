"""What people call our columns, and what each is for."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COLUMN_LABELS: dict[str, Promise] = {
    "order_id": _("Order number"),
    "customer_id": _("Customer number"),
    "email": _("E-mail address"),
    "name": _("Name"),
    "kana": _("Reading of the name"),
    "locale": _("Language"),
    "ordered_at": _("Day of the order"),
    "total": _("Total of the order"),
    "currency": _("Currency"),
    "status": _("State of the order"),
    "refunded": _("Refunded amount"),
    "delivered_at": _("Day of delivery"),
    "channel": _("Where it was bought"),
    "product": _("Product"),
    "product_code": _("Product code"),
    "quantity": _("Quantity"),
    "subscription_id": _("Number of the subscription"),
    "subscription_no": _("Which delivery of the subscription"),
}
COLUMN_HINTS: dict[str, Promise] = {
    "order_id": _("Rows with the same number are one order."),
    "customer_id": _("The number your cart gives a customer."),
    "email": _("Who has no number is known by it. One of the two is needed."),
    "total": _("What was paid for the whole order, fees included."),
    "currency": _("Without it, the shop's own."),
    "status": _("So that what was cancelled or sent back does not count."),
    "channel": _("Such as website, shop or telephone."),
}
