from collections.abc import Mapping

from django.utils.translation import gettext as _

from crm.imports.enums import FileKind, Format, Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.formats import PRESETS, Recognised, recognise
from crm.imports.models import ImportRun
from crm.imports.selectors import latest_done
from crm.imports.tables import Header, fingerprint


def settle_columns(
    header: Header,
    *,
    shop_id: int,
    kind: FileKind,
    format: Format,
    source: str,
    mapping: Mapping[str, str],
    are_accepted: bool,
) -> Recognised:
    """How the columns of this file are found, in the light of the last one from its source.

    Many carts let the shop choose the columns of its files. So a mapping once given is
    remembered and serves files with the same columns; where they changed, FileRefusedError
    asks a person (`are_accepted` is the answer). A mapping given now is an answer too.
    """
    if mapping:
        return recognise(header, kind=kind, format=format, mapping=mapping)
    before = latest_done(shop_id=shop_id, source=source or Format.GENERIC.value, kind=kind)
    if before and before.mapping and format not in PRESETS:
        if are_accepted or before.header_fingerprint == fingerprint(header):
            return recognise(header, kind=kind, mapping=before.mapping)
        return _without_the_mapping(header, kind=kind, format=format, before=before)
    found = recognise(header, kind=kind, format=format)
    if found.format != Format.GENERIC and not are_accepted:
        before = latest_done(shop_id=shop_id, source=source or found.format.value, kind=kind)
        if before and before.header_fingerprint != fingerprint(header):
            raise FileRefusedError(Refusal.COLUMNS_CHANGED, _difference(before, header))
    return found


def _without_the_mapping(
    header: Header, *, kind: FileKind, format: Format, before: ImportRun
) -> Recognised:
    try:
        return recognise(header, kind=kind, format=format)
    except FileRefusedError as refused:
        raise FileRefusedError(Refusal.COLUMNS_CHANGED, _difference(before, header)) from refused


def _difference(before: ImportRun, header: Header) -> str:
    known = Header(before.header)
    words = []
    if new := [cell for cell in header.cells if cell and cell not in known]:
        words.append(_("new: %(columns)s") % {"columns": ", ".join(new)})
    if gone := [cell for cell in known.cells if cell and cell not in header]:
        words.append(_("missing: %(columns)s") % {"columns": ", ".join(gone)})
    return " · ".join(words)
