"""The people of a shop as a list: found, narrowed, sorted, and taken along as a file."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm.customers import by_hand
from crm.customers.models import Customer, CustomerIdentity
from crm.customers.search import MOST, found_customers
from crm.shops import audit
from crm.shops.access import member_may
from crm.shops.csv_files import csv_lines
from crm.shops.enums import Act, Action
from crm.shops.models import Shop
from crm.stages.enums import Balance, Direction, Mark, Stage
from crm.stages.labels import BALANCES, DIRECTIONS, MARKS, STAGE_NAMES
from crm.stages.listing import Narrowing, Sort, page_of_people
from crm.tenancy.door import tenant

LONGEST_SEARCH = 200
EXPORTED_AT_ONCE = 500
_ANY = ("", gettext_lazy("Any"))


class PeopleForm(forms.Form):
    """What a list is asked for. What is no choice of ours narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Name, reading, address or order number"),
        required=False,
        widget=forms.TextInput({"type": "search", "maxlength": LONGEST_SEARCH}),
    )
    stage = forms.TypedChoiceField(
        label=gettext_lazy("Stage"),
        choices=[_ANY, *((stage.value, STAGE_NAMES[stage]) for stage in Stage)],
        coerce=lambda text: Stage(int(text)),
        empty_value=None,
        required=False,
    )
    direction = forms.TypedChoiceField(
        label=gettext_lazy("Direction"),
        choices=[_ANY, *((each.value, DIRECTIONS[each]) for each in Direction)],
        coerce=Direction,
        empty_value=None,
        required=False,
    )
    balance = forms.TypedChoiceField(
        label=gettext_lazy("Against what was expected"),
        choices=[_ANY, *((each.value, BALANCES[each]) for each in Balance)],
        coerce=Balance,
        empty_value=None,
        required=False,
    )
    mark = forms.TypedChoiceField(
        label=gettext_lazy("Mark"),
        choices=[_ANY, *((each.value, MARKS[each]) for each in Mark)],
        coerce=Mark,
        empty_value=None,
        required=False,
    )
    sort = forms.TypedChoiceField(
        label=gettext_lazy("Order"),
        choices=Sort.choices,
        coerce=Sort,
        empty_value=Sort.KNOWN,
        required=False,
    )

    @property
    def words(self) -> str:
        words: str = self.cleaned_data.get("q", "")
        return words[:LONGEST_SEARCH]

    @property
    def narrowing(self) -> Narrowing:
        told = self.cleaned_data
        return Narrowing(
            told.get("stage"), told.get("direction"), told.get("balance"), told.get("mark")
        )

    @property
    def sort_by(self) -> Sort:
        return self.cleaned_data.get("sort") or Sort.KNOWN


def _asked(told: Any) -> PeopleForm:
    form = PeopleForm(told)
    form.full_clean()
    return form


@require_safe
@member_may(Action.READ)
def customer_list(request: HttpRequest, shop: Shop) -> HttpResponse:
    """The people a shop knows, or those that a search and the filters leave."""
    asked = _asked(request.GET)
    ids = found_customers(shop.pk, asked.words) if asked.words else None
    page = page_of_people(
        shop.pk,
        narrowing=asked.narrowing,
        sort=asked.sort_by,
        ids=ids,
        after=request.GET.get("after"),
    )
    numbers = _numbers(shop.pk, page.rows)
    context = {
        "shop": shop,
        "section": "customers",
        "form": asked,
        "people": [(person, numbers.get(person.pk, "")) for person in page.rows],
        "is_narrowed": bool(asked.narrowing),
        "is_first": "after" not in request.GET,
        "is_cut": ids is not None and len(ids) >= MOST,
        "page": page,
    }
    return render(request, "pages/customer_list.html", context)


@require_POST
@member_may(Action.EXPORT)
def export(request: Any, shop: Shop) -> StreamingHttpResponse:
    """The same people, all of them, as a CSV file; who took it is written down."""
    asked = _asked(request.POST)
    # What was searched for may be a name, and the record is for ever.
    narrowed = {
        name: str(value) for name, value in vars(asked.narrowing).items() if value is not None
    }
    audit.record(Act.LIST_EXPORTED, shop=shop, by=request.user, about="customers", **narrowed)
    ids = found_customers(shop.pk, asked.words) if asked.words else None
    lines = _lines(shop, asked, ids, translation.get_language())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"customers-{timezone.localdate():%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(shop: Shop, asked: PeopleForm, ids: list[int] | None, language: str) -> Iterator[str]:
    """The file, some hundred people at a time. The request's own door is closed by the time the
    first line is read, so each batch opens it again."""
    with translation.override(language):
        head = [
            _("Customer number"),
            _("Name"),
            _("Reading"),
            _("Address"),
            _("Stage"),
            _("Since"),
            _("Direction"),
            _("Against what was expected"),
            _("Marks"),
            _("Orders"),
            _("Spent"),
            _("First order"),
            _("Last order"),
        ]
        yield from csv_lines(head, _rows(shop, asked, ids))


def _rows(shop: Shop, asked: PeopleForm, ids: list[int] | None) -> Iterator[list[object]]:
    after: Any = ""
    while after is not None:
        with tenant(shop):
            page = page_of_people(
                shop.pk,
                narrowing=asked.narrowing,
                sort=asked.sort_by,
                ids=ids,
                after=after,
                size=EXPORTED_AT_ONCE,
            )
            numbers = _numbers(shop.pk, page.rows)
            rows = [_row(customer, numbers.get(customer.pk, "")) for customer in page.rows]
        yield from rows
        after = page.next_after


def _numbers(shop_id: int, customers: list[Customer]) -> dict[int, str]:
    """The numbers by which other systems know each of these, such as "00042"."""
    rows = CustomerIdentity.objects.filter(shop_id=shop_id, customer__in=customers)
    found: dict[int, list[str]] = {}
    for row in rows.exclude(source=by_hand.SOURCE).order_by("source", "external_id"):
        found.setdefault(row.customer_id, []).append(row.external_id)
    return {pk: " ".join(numbers) for pk, numbers in found.items()}


def _row(customer: Customer, numbers: str) -> list[object]:
    who = [numbers, customer.name, customer.kana, customer.email]
    relationship = getattr(customer, "relationship", None)
    if relationship is None:
        return [*who, *[None] * 9]
    return [
        *who,
        STAGE_NAMES[Stage(relationship.stage)],
        relationship.since_on,
        DIRECTIONS[Direction(relationship.direction)],
        BALANCES[Balance(relationship.balance)] if relationship.balance else None,
        " ".join(str(MARKS[Mark(mark)]) for mark in relationship.marks),
        relationship.orders,
        relationship.spent // 100 if relationship.spent % 100 == 0 else relationship.spent / 100,
        relationship.first_on,
        relationship.last_on,
    ]
