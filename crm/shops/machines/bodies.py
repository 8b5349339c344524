"""Bodies as strict as the database: what it cannot keep, and what nobody meant, is refused."""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

# Neither can be stored or sent on: NUL is no text to PostgreSQL, a lone surrogate none to UTF-8.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class StrictJson(BaseParser):
    """One JSON object in UTF-8, in which no name comes twice and every text can be stored."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            text = stream.read().decode("utf-8")
            body = json.loads(
                text, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant
            )
        except (ValueError, RecursionError) as error:  # among them what is no UTF-8
            raise ParseError(f"The body is no JSON we can read: {_reason(error)}") from error
        if not isinstance(body, dict):
            raise ParseError("The body must be one JSON object.")
        return body


class Body(serializers.Serializer):
    """What a call sends. A name we do not know is refused: it would be lost without a word."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(data.keys() - self.fields.keys())):
            raise serializers.ValidationError(
                {name: ["There is no such field."] for name in unknown}
            )
        return super().to_internal_value(data)


class AmountField(serializers.DecimalField):
    """Money in the currency's units, such as "8640" or 86.40; kept in hundredths."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=Decimal(0), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return int(super().to_internal_value(data) * 100)

    def to_representation(self, value: Any) -> str:
        return f"{Decimal(value) / 100:.2f}"


def _without_doubles(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError("a name comes twice")
        for text in (name, value):
            _require_text(text)
        found[name] = value
    return found


def _require_text(value: Any) -> None:
    if isinstance(value, str) and _NO_TEXT.search(value):
        raise ValueError("a text has characters that cannot be stored")
    if isinstance(value, list):
        for each in value:
            _require_text(each)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError("there is no number of this name")


def _reason(error: Exception) -> str:
    """Our own words, or the kind of mistake: the parser's may quote the body."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} (line {error.lineno}, column {error.colno})"
    return str(error) if type(error) is ValueError else "it cannot be decoded"
