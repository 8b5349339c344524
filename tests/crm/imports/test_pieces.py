import io

import pytest

from crm.imports import pieces
from crm.imports.models import ImportPiece
from crm.imports.pieces import beginning, fetched, store
from crm.tenancy.door import tenant
from tests.crm.imports.conftest import begin

pytestmark = pytest.mark.django_db

CONTENT = b"order_id,customer_id,ordered_at,total\n1,7,2026-05-10,1200\n"


@pytest.fixture
def run(shop, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 10)
    return begin(CONTENT, shop=shop)


def test_a_file_comes_back_as_it_went_in(shop, run):
    with tenant(shop):
        store(run, io.BytesIO(CONTENT))

        with fetched(run) as file:
            assert file.read() == CONTENT
        assert ImportPiece.objects.filter(shop=shop).count() == 6


def test_the_beginning_is_one_piece(shop, run):
    with tenant(shop):
        store(run, io.BytesIO(CONTENT))

        assert beginning(run).read() == CONTENT[:10]


def test_a_file_that_is_kept_no_more_has_no_beginning(shop, run):
    with tenant(shop):
        assert beginning(run).read() == b""


def test_a_file_is_stored_from_its_start_wherever_it_was_read_to(shop, run):
    file = io.BytesIO(CONTENT)
    file.seek(0, io.SEEK_END)

    with tenant(shop):
        store(run, file)

        assert beginning(run).read() == CONTENT[:10]
