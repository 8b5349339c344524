from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

# Currencies without a smaller coin. Amounts are kept in hundredths all the same.
_WHOLE = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})


def in_words(hundredths: int, currency: str) -> str:
    """The amount as a person reads it, such as 8,640円; this alone rounds, never the figures."""
    places = Decimal(1) if currency in _WHOLE else Decimal("0.01")
    amount = f"{(Decimal(hundredths) / 100).quantize(places, ROUND_HALF_UP):,}"
    if currency == "JPY":
        return _("¥%(amount)s") % {"amount": amount}
    return f"{amount} {currency}"


def as_amount(hundredths: int) -> Decimal:
    """The amount in its currency's units, to the last digit that is kept."""
    return Decimal(hundredths) / 100
