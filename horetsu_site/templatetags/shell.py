"""What the frame around a page needs: where one can go, and in which language one reads."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, get_language_info

from horetsu_site.sections import ON_THE_SHELF, SECTIONS

register = template.Library()


@register.inclusion_tag("_nav.html", takes_context=True)
def shop_nav(context: dict[str, Any]) -> dict[str, Any]:
    """The rail, or the shelf, with the sections this member may see."""
    request, shop = context["request"], context["shop"]
    links = [
        {
            "href": reverse(section.name, args=[shop.slug]),
            "words": section.words,
            "is_here": section.name == context.get("section"),
        }
        for section in SECTIONS
        if section.action in request.may
    ]
    shelf, rest = links[:ON_THE_SHELF], links[ON_THE_SHELF:]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "shop": shop,
        "shelf": shelf,
        "rest": rest,
        "is_in_rest": any(link["is_here"] for link in rest),
        "others": [one.shop for one in request.memberships if one != request.membership],
    }


@register.inclusion_tag("_language.html", takes_context=True)
def language_switch(context: dict[str, Any]) -> dict[str, Any]:
    """The other language: a member's choice is kept (POST), a guest's stands in the link.

    Not on a page that answers a form: what was typed there would be lost on the way.
    """
    request = context["request"]
    others = [code for code, _name in settings.LANGUAGES if code != get_language()]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "is_member": request.user.is_authenticated,
        "here": _here(request),
        "languages": [
            {
                "code": code,
                "name": get_language_info(code)["name_local"],
                "here": _here(request, lang=code),
            }
            for code in others
            if request.method in {"GET", "HEAD"}
        ],
    }


@register.simple_tag(takes_context=True)
def carried_language(context: dict[str, Any]) -> str:
    """`?lang=en` for the links of a page whose language was chosen by such a link, else nothing."""
    language = context["request"].lang
    return f"?lang={language}" if language else ""


def _here(request: Any, **query: str) -> str:
    """The address of this page, in the language of `lang` or in none it names itself."""
    kept = request.GET.copy()
    kept.pop("lang", None)
    kept.update(query)
    path = escape_uri_path(request.path)
    return f"{path}?{kept.urlencode()}" if kept else path
