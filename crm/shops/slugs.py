"""A word for a shop's addresses, proposed where nobody typed one."""

import secrets
from collections.abc import Iterator

from django.utils.text import slugify

from crm.shops.models import Shop, User

# Where people have their own mail: such a name says nothing of a shop.
_MAIL_HOUSES = frozenset(
    {
        "gmail", "googlemail", "yahoo", "ymail", "icloud", "me", "mac", "outlook", "hotmail",
        "live", "msn", "aol", "proton", "protonmail", "docomo", "ezweb", "au", "softbank",
        "ymobile", "uqmobile", "rakuten", "nifty", "ocn", "biglobe", "so-net", "plala", "example",
    }
)  # fmt: skip
_LONGEST = 34  # leaves room for a number behind it
_SECOND_LEVEL = frozenset({"co", "ne", "or", "com", "net", "ac", "i", "mail"})


def propose_slug(*, name: str, owner: User) -> str:
    """The name in small letters where it has such, else the owner's domain, else any word.

    Free at this moment; whoever takes it must be ready for another to have been quicker.
    """
    return next(slug for slug in _candidates(name, owner) if _is_free(slug))


def _candidates(name: str, owner: User) -> Iterator[str]:
    for word in (slugify(name), _domain_word(owner.email)):
        word = word[:_LONGEST].strip("-_").replace("_", "-")
        if len(word) >= 3:
            yield word
            yield from (f"{word}-{number}" for number in range(2, 10))
    while True:
        yield f"shop-{secrets.token_hex(3)}"


def _domain_word(address: str) -> str:
    """`otonari` for miura@mail.otonari.co.jp; nothing for an address at a mail house."""
    labels = address.rpartition("@")[2].lower().split(".")[:-1]
    while len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    word = labels[-1] if labels else ""
    return "" if word in _MAIL_HOUSES else slugify(word)


def _is_free(slug: str) -> bool:
    return slug != "new" and not Shop.objects.filter(slug=slug).exists()
