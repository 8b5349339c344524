import re

import pytest

from script.take_pictures import LANGUAGES, PICTURES, ROOT, STAFF

HEAVIEST = 60_000  # bytes; a page of the documents shows seven
GUIDES = {"ja": ROOT / "docs" / "staff" / "README.md", "en": ROOT / "docs" / "staff" / "en.md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_and_light(language):
    files = [picture.folder / f"{picture.name}.{language}.png" for picture in PICTURES]

    assert all(file.stat().st_size < HEAVIEST for file in files)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_shows_each_of_its_pictures_and_no_other(language):
    shown = re.findall(r"\(pictures/([\w.]+)\)", GUIDES[language].read_text(encoding="utf-8"))

    assert sorted(shown) == sorted(
        f"{each.name}.{language}.png" for each in PICTURES if each.folder == STAFF
    )
