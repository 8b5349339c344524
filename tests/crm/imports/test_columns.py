import pytest

from crm.imports.enums import FileKind, Format, Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.presets import eccube
from tests.crm.imports.conftest import begin
from tests.crm.imports.files import eccube_orders, written

pytestmark = pytest.mark.django_db

MAPPING = {"order_id": "番号", "email": "メール", "ordered_at": "日付", "total": "金額"}
HEADER = ["番号", "メール", "日付", "金額"]
ROW = ["1", "a@example.jp", "2026-05-10", "1000"]


def refused(content: bytes, shop, **options) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        begin(content, shop=shop, **options)
    return caught.value


def test_a_mapping_once_given_serves_the_next_file_with_the_same_columns(shop, take_in):
    take_in(written([HEADER, ROW]), mapping=MAPPING)

    counts = take_in(written([[*reversed(HEADER)], [*reversed(ROW)]]))

    assert counts.unchanged == 1


def test_a_mapping_is_not_applied_to_other_columns_but_asked_about(shop, take_in):
    take_in(written([HEADER, ROW]), mapping=MAPPING)

    refusal = refused(written([[*HEADER, "税込金額"], [*ROW, "1100"]]), shop)

    assert refusal.refusal == Refusal.COLUMNS_CHANGED
    assert "税込金額" in refusal.detail


def test_a_person_may_say_that_the_new_columns_are_right(shop, take_in):
    take_in(written([HEADER, ROW]), mapping=MAPPING)
    content = written([[*HEADER, "税込金額"], [*ROW, "1100"]])

    counts = take_in(content, are_columns_accepted=True)

    assert counts.unchanged == 1


def test_a_mapping_given_anew_is_an_answer(shop, take_in):
    take_in(written([HEADER, ROW]), mapping=MAPPING)
    content = written([[*HEADER, "税込金額"], [*ROW, "1100"]])

    counts = take_in(content, mapping={**MAPPING, "total": "税込金額"})

    assert counts.updated == 1


def test_our_own_column_names_need_no_mapping_though_one_was_given_before(shop, take_in):
    take_in(written([HEADER, ROW]), mapping=MAPPING)

    counts = take_in(written([list(MAPPING), ROW]))

    assert counts.unchanged == 1


def test_a_mapping_belongs_to_its_source_and_kind(shop, take_in):
    take_in(written([HEADER, ROW]), mapping=MAPPING, source="store")

    refusal = refused(written([HEADER, ROW]), shop)

    assert refusal.refusal == Refusal.COLUMNS_MISSING
    assert take_in(written([HEADER, ROW]), source="store").unchanged == 1


def test_ec_cube_columns_that_changed_are_asked_about(shop, take_in):
    take_in(eccube_orders({}))
    header = [name for name in eccube.ORDER_HEADER if name != "メールアドレス"]

    refusal = refused(eccube_orders({}, header=[*header, "会員ランク"]), shop)

    assert refusal.refusal == Refusal.COLUMNS_CHANGED
    assert "会員ランク" in refusal.detail
    assert "メールアドレス" in refusal.detail


def test_ec_cube_columns_in_another_order_are_the_same(shop, take_in):
    take_in(eccube_orders({}))

    counts = take_in(eccube_orders({}, header=[*reversed(eccube.ORDER_HEADER)]))

    assert counts.unchanged == 1


def test_ec_cube_columns_that_a_person_accepted_are_the_known_ones(shop, take_in):
    take_in(eccube_orders({}))
    fewer = eccube_orders({}, header=[*eccube.ORDER_HEADER[:-1]])
    take_in(fewer, are_columns_accepted=True)

    assert take_in(fewer).unchanged == 1


def test_a_run_knows_how_its_file_is_read(shop):
    run = begin(eccube_orders({}), shop=shop)

    assert (run.format, run.source, run.encoding) == (Format.ECCUBE, "eccube", "cp932")
    assert (run.kind, len(run.header)) == (FileKind.ORDERS, 70)
