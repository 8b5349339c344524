import os
from email.message import EmailMessage

import pytest

# The pages ask the database nothing; only who is signed in, and here nobody is.
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MAILBOX = tmp_path / "mailbox"
    return settings.MAILBOX / "new"


def put(
    folder,
    key,
    *,
    date=None,
    html="<html><head></head><body><a href='/a/x/'>答える</a></body></html>",
):
    message = EmailMessage()
    message["Subject"] = f"ご感想をお聞かせください {key}"
    message["From"] = "三浦 葉子（おとなり茶舗） <shop@otonari.example>"
    message["To"] = "kayo@example.jp"
    if date:
        message["Date"] = date
    message.set_content("本文です <b>")
    if html:
        message.add_alternative(html, subtype="html")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / key).write_bytes(message.as_bytes())
    os.utime(folder / key, ns=(int(key),) * 2)


def test_before_the_first_mail_the_page_says_so(client):
    assert client.get("/mailbox/", headers={"Accept-Language": "en"}).content.count(b"No mail") == 1


def test_the_newest_mail_stands_first(client, folder):
    for key in ("2", "10", "1"):
        put(folder, key)

    html = client.get("/mailbox/").content.decode()

    places = [html.index(f'href="/mailbox/{key}/"') for key in ("10", "2", "1")]
    assert places == sorted(places)


def test_a_mail_shows_its_text_and_headers_with_nothing_of_it_taken_for_html(client, folder):
    put(folder, "1")

    html = client.get("/mailbox/1/").content.decode()

    assert "本文です &lt;b&gt;" in html
    assert "From: 三浦 葉子（おとなり茶舗） &lt;shop@otonari.example&gt;" in html


def test_without_a_script_the_time_is_that_of_utc_and_says_so(client, folder):
    put(folder, "1", date="Fri, 20 Nov 2026 15:30:00 +0900")

    html = client.get("/mailbox/1/?lang=ja").content.decode()

    assert '<time datetime="2026-11-20T06:30:00+00:00">2026/11/20 6:30 UTC</time>' in html


def test_the_html_of_a_mail_stands_in_a_frame_that_runs_no_script(client, folder):
    put(folder, "1", html="<html><head></head><body><script>alert(1)</script></body></html>")

    page = client.get("/mailbox/1/")
    frame = client.get("/mailbox/1/html/")

    allowed = "allow-same-origin allow-top-navigation-by-user-activation"
    assert f'sandbox="{allowed}"' in page.content.decode()
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    policy = frame.headers["Content-Security-Policy"]
    assert "script" not in policy
    assert policy.startswith("default-src 'none'")
    assert policy.endswith(f"; sandbox {allowed}")
    assert "frame-ancestors 'self'" in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_of_text_alone_has_no_frame(client, folder):
    put(folder, "1", html="")

    assert b"iframe" not in client.get("/mailbox/1/").content
    assert client.get("/mailbox/1/html/").status_code == 404


@pytest.mark.parametrize("key", ["2", "..", "%2e%2e%2fsecret", "1%00", "new"])
def test_no_key_leads_out_of_the_mailbox(client, folder, key):
    put(folder, "1")
    (folder.parent.parent / "secret").write_text("himitsu")

    assert client.get(f"/mailbox/{key}/").status_code == 404


@pytest.mark.parametrize("address", ["/mailbox/", "/mailbox/1/", "/mailbox/1/html/"])
def test_outside_local_mode_there_is_no_mailbox(client, folder, settings, address):
    put(folder, "1")
    settings.LOCAL = False

    assert client.get(address).status_code == 404
