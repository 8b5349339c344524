from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.imports.enums import FileKind, Format, RunState
from crm.imports.error_file import write_error_file
from crm.imports.errors import FileRefusedError
from crm.imports.inspection import Inspected, inspect
from crm.imports.models import ImportRun
from crm.imports.report import preview, report
from crm.imports.selectors import notes_of, same_file_before
from crm.imports.services import advance, start_run
from crm.shops.models import Shop
from crm.shops.selectors import shop_called
from crm.tenancy.door import tenant


class Command(BaseCommand):
    help = "Take in a CSV file of customers or orders. Nobody is written to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--shop", required=True, help="the shop's word in addresses")
        parser.add_argument("--kind", required=True, choices=FileKind.values)
        parser.add_argument("--format", choices=Format.values, default=Format.AUTO.value)
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            type=_pair,
            metavar="OURS=THEIRS",
            help="a column of ours and its name in the file, such as total=amount",
        )
        parser.add_argument(
            "--source",
            default="",
            type=_at_most(40),
            help="whose numbers these are, such as eccube; the format's name unless given",
        )
        parser.add_argument(
            "--date-format",
            default="",
            type=_at_most(100),
            help="such as %%d/%%m/%%Y; dates begin with the year unless given",
        )
        parser.add_argument(
            "--accept-columns",
            action="store_true",
            help="the columns changed since the last file, and are right",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--errors", type=Path, help="where to write the rows left out")

    def handle(self, *args: Any, **options: Any) -> None:
        shop = shop_called(options["shop"])
        if shop is None:
            raise CommandError(_("There is no shop %(slug)s.") % {"slug": options["shop"]})
        try:
            with options["file"].open("rb") as file:
                self._take_in(shop, file, options)
        except OSError as error:
            raise CommandError(str(error)) from error
        except FileRefusedError as refused:
            raise CommandError(str(refused)) from refused

    def _take_in(self, shop: Shop, file: BinaryIO, options: dict[str, Any]) -> None:
        inspected = inspect(file)
        self._say(preview(inspected))
        if options["dry_run"]:
            with tenant(shop):
                run = _start(shop, inspected, options, is_rehearsal=True)
                while run.state != RunState.DONE:
                    run = advance(
                        run.pk, shop=shop, open_file=lambda: nullcontext(file), now=timezone.now()
                    )
                self._conclude(run, options["errors"])
                transaction.set_rollback(True)
            self._say([_("This was a rehearsal: nothing was written.")])
            return
        with tenant(shop):
            run = _start(shop, inspected, options)
            self._say(_beforehand(run))
        while run.state != RunState.DONE:
            with tenant(shop):
                run = advance(
                    run.pk, shop=shop, open_file=lambda: nullcontext(file), now=timezone.now()
                )
        with tenant(shop):
            self._conclude(run, options["errors"])

    def _conclude(self, run: ImportRun, errors: Path | None) -> None:
        self._say(report(run))
        if errors:
            with errors.open("w", encoding="utf-8-sig", newline="") as file:
                written = write_error_file(file, notes_of(run).iterator())
            self._say([_("Rows to look at: %(count)s, in %(path)s")
                       % {"count": f"{written:,}", "path": errors}])  # fmt: skip

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)


def _pair(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours and equals and theirs):
        raise ArgumentTypeError(_("write it as total=amount: our column, then the file's"))
    return ours, theirs


def _at_most(length: int) -> Callable[[str], str]:
    def checked(text: str) -> str:
        if len(text) > length:
            raise ArgumentTypeError(_("at most %(count)s characters") % {"count": length})
        return text

    return checked


def _start(
    shop: Shop, inspected: Inspected, options: dict[str, Any], *, is_rehearsal: bool = False
) -> ImportRun:
    return start_run(
        shop=shop,
        kind=FileKind(options["kind"]),
        # A name in an encoding of its own would not go into the database.
        file_name=options["file"].name.encode(errors="replace").decode(),
        inspected=inspected,
        format=Format(options["format"]),
        source=options["source"],
        mapping=dict(options["map"]),
        date_format=options["date_format"],
        are_columns_accepted=options["accept_columns"],
        is_rehearsal=is_rehearsal,
    )


def _beforehand(run: ImportRun) -> list[str]:
    if run.cursor:
        return [_("This file was broken off half-way; it goes on after line %(line)s.")
                % {"line": f"{run.cursor:,}"}]  # fmt: skip
    if before := same_file_before(run):
        day = timezone.localdate(before.finished_at, run.shop.zone)
        return [_("This very file was taken in before, on %(day)s.") % {"day": day}]
    return []
