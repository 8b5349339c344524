"""What taking in an order file costs, against a raw COPY of the same file into a bare table.

    script/bench imports [ORDERS]

An EC-CUBE file in CP932, two rows an order, is looked through as for a person in the browser,
and goes in through everything an import does: decoding, reading, judging, grouping, who is
who, products, reviews. Then once more, where nothing is left to change. The peer decodes too
and checks nothing. Each round has a shop of its own; all on one PostgreSQL (durable:
synchronous commit, fsync).
"""

import csv
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg

from benchmarks.servers import servers

ROUNDS = 3
ORDERS_EACH = 4  # orders of one customer, on average


def main(arguments: Sequence[str]) -> None:
    orders = int(arguments[0]) if arguments else 20_000
    with tempfile.TemporaryDirectory(prefix="horetsu-bench-") as name:
        folder = Path(name)
        with servers(folder):
            _migrate()
            path = folder / "orders.csv"
            path.write_bytes(_eccube_file(orders))
            looked, first, again, copied = [], [], [], []
            for number in range(ROUNDS):
                slug = f"bench-{number}"
                _open_shop(slug)
                looked.append(_seconds(lambda slug=slug: _look_through(path, slug)))
                first.append(_seconds(lambda slug=slug: _import(path, slug)))
                again.append(_seconds(lambda slug=slug: _import(path, slug)))
                copied.append(_seconds(lambda: _copy(path)))
            _report(orders, path.stat().st_size, min(looked), min(first), min(again), min(copied))


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="owner", verbosity=0)


def _open_shop(slug: str) -> None:
    from django.core.management import call_command

    options = {"name": slug, "timezone": "Asia/Tokyo", "owner": "bench@example.com"}
    call_command("create_shop", slug, **options, stdout=io.StringIO())


def _eccube_file(orders: int) -> bytes:
    from crm.imports.presets.eccube import ORDER_HEADER

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(ORDER_HEADER)
    for number in range(orders):
        customer = number % max(1, orders // ORDERS_EACH)
        order = {
            "注文ID": number,
            "会員ID": customer,
            "お名前(姓)": "山口",
            "お名前(名)": f"佳代{customer}",
            "メールアドレス": f"c{customer}@example.jp",
            "支払合計": "5400.00",
            "対応状況(ID)": 5,
            "受注日": f"2025-{number % 12 + 1:02}-{number % 28 + 1:02} 12:00:00",
            "個数": 1,
        }
        for item, product in ((1, "深蒸し茶 百グラム"), (2, "送料")):
            row = {**order, "明細区分(ID)": item, "商品名": product}
            writer.writerow([row.get(name, "") for name in ORDER_HEADER])
    return text.getvalue().encode("cp932")


def _import(path: Path, slug: str) -> None:
    from django.core.management import call_command

    call_command("import_csv", str(path), shop=slug, kind="orders", stdout=io.StringIO())


def _look_through(path: Path, slug: str) -> None:
    from django.utils import timezone

    from crm.imports.pieces import fetched
    from crm.imports.uploads import examine, give_up, upload
    from crm.shops.models import Shop
    from crm.tenancy.door import tenant

    shop = Shop.objects.get(slug=slug)
    with tenant(shop), path.open("rb") as file:
        by = shop.memberships.get().user
        run = upload(shop=shop, by=by, file=file, file_name=path.name)
    with tenant(shop):
        examine(run.pk, shop=shop, open_file=lambda: fetched(run))
    with tenant(shop):
        give_up(run.pk, shop=shop, now=timezone.now())


def _copy(path: Path) -> None:
    with path.open(encoding="cp932", newline="") as file:
        columns = ", ".join(f"c{place} text" for place, _ in enumerate(next(csv.reader(file))))
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
            connection.execute("DROP TABLE IF EXISTS bench_copy")
            connection.execute(f"CREATE TABLE bench_copy ({columns})")
            with connection.cursor().copy("COPY bench_copy FROM STDIN (FORMAT csv)") as copy:
                while piece := file.read(1 << 16):
                    copy.write(piece)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _report(
    orders: int, size: int, looked: float, first: float, again: float, copied: float
) -> None:
    print(f"{orders:,} orders in {2 * orders:,} rows, {size / 1e6:.1f} MB; best of {ROUNDS}")
    print(f"{'':24}{'seconds':>10}{'orders/s':>10}{'× COPY':>10}")
    for name, seconds in (
        ("looked through", looked),
        ("taken in", first),
        ("again, nothing to change", again),
        ("raw COPY", copied),
    ):
        print(f"{name:24}{seconds:10.2f}{orders / seconds:10,.0f}{seconds / copied:10.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
