import re

import pytest

pytestmark = pytest.mark.django_db  # only for who is signed in, and here nobody is


def test_the_book_of_samples_exists_in_local_mode_only(client, settings):
    assert client.get("/style/").status_code == 200

    settings.LOCAL = False

    assert client.get("/style/").status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_sample_speaks_the_readers_language(client, language):
    html = client.get(f"/style/?lang={language}").text
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL)

    assert ("見本帖" in html) is (language == "ja")
    assert ("Paper and ink" in words) is (language == "en")


def test_fields_of_every_kind_name_their_help_and_their_faults(client):
    html = client.get("/style/?lang=en").text

    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        for name in described.split():
            assert html.count(f'id="{name}"') == 1, name
    assert html.count('aria-invalid="true"') >= 4
    for field in re.findall(r'<li><a href="#([^"]*)">', html):
        assert f'id="{field}"' in html, field
