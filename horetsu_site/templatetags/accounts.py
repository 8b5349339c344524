"""What the pages about signing in need."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from crm.shops.accounts.devices import device_of

register = template.Library()
register.filter("device", device_of)


@register.filter
def masked(address: str) -> str:
    """`m…@example.com`: who it belongs to knows it, and nobody else learns it."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


@register.simple_tag(takes_context=True)
def way(context: dict[str, Any], name: str) -> str:
    """The address of a page, with what a visitor carries: where they were going, their language."""
    request = context["request"]
    asked = {word: request.POST.get(word) or request.GET.get(word) for word in ("next", "lang")}
    carried = {word: said for word, said in asked.items() if said}
    return f"{reverse(name)}?{urlencode(carried)}" if carried else reverse(name)
