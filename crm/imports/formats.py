"""Which preset reads this file: recognised by its header, or refused with what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.imports.canonical import Layout
from crm.imports.enums import FileKind, Format, Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.presets import base, eccube, generic, shopify
from crm.imports.tables import Header

PRESETS: dict[Format, Any] = {Format.ECCUBE: eccube, Format.SHOPIFY: shopify, Format.BASE: base}


@dataclass(frozen=True)
class Recognised:
    """The format of a file, and where our columns stand in it."""

    format: Format
    layout: Layout
    mapping: Mapping[str, str] = field(default_factory=dict)


def recognise(
    header: Header,
    *,
    kind: FileKind,
    format: Format = Format.AUTO,
    mapping: Mapping[str, str] | None = None,
) -> Recognised:
    """How the columns of this file are found; FileRefusedError with what is missing, if not.

    AUTO is the first preset whose needed columns are all there, else generic. A mapping is
    always generic: who gives one knows better than a guess.
    """
    if format in PRESETS:
        if mapping:
            raise FileRefusedError(Refusal.MAPPING_NOT_USED, ", ".join(mapping))
        return Recognised(format, PRESETS[format].layout(header, kind))
    if format == Format.GENERIC or mapping:
        layout = generic.layout(header, kind, mapping)
        return Recognised(Format.GENERIC, layout, dict(mapping or {}))
    missing = {}
    for candidate, preset in (*PRESETS.items(), (Format.GENERIC, generic)):
        try:
            return Recognised(candidate, preset.layout(header, kind))
        except FileRefusedError as refused:
            if refused.refusal == Refusal.COLUMNS_MISSING:
                missing[candidate] = refused.detail
            elif refused.refusal != Refusal.KIND_UNKNOWN:
                raise  # it is this format, and something else is wrong with it
    detail = " · ".join(f"{candidate.label}: {columns}" for candidate, columns in missing.items())
    raise FileRefusedError(Refusal.COLUMNS_MISSING, detail)
