"""The site map."""

from django.urls import include, path

from horetsu_site import health
from horetsu_site.pages import (
    figures,
    home,
    language,
    mailbox,
    mails,
    opening,
    rights,
    style,
    today,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("horetsu_site.accounts")),
    path("language/", language.choose, name="language"),
    path("new-shop/", opening.new_shop, name="new_shop"),
    path("shops/<slug:slug>/", today.shop, name="shop"),
    path("shops/<slug:slug>/welcome/", opening.welcome, name="welcome"),
    path("shops/<slug:slug>/today/", today.today, name="today"),
    path("shops/<slug:slug>/today/digest/", today.digest, name="digest"),
    path("shops/<slug:slug>/today/<int:work_id>/retry/", today.retry, name="retry"),
    path("", include("horetsu_site.pages.urls")),
    path(
        "shops/<slug:slug>/customers/<int:customer_id>/export/",
        rights.export,
        name="customer_export",
    ),
    path(
        "shops/<slug:slug>/customers/<int:customer_id>/wishes/",
        rights.wishes,
        name="customer_wishes",
    ),
    path(
        "shops/<slug:slug>/customers/<int:customer_id>/erase/",
        rights.forget,
        name="customer_erase",
    ),
    path("shops/<slug:slug>/figures/", figures.figures, name="figures"),
    path("shops/<slug:slug>/figures/count/", figures.count_now, name="figures_count"),
    path("shops/<slug:slug>/mail/", mails.mail_list, name="mails"),
    path("", include("crm.urls")),
    path("", include("surveys.urls")),
    path("", include("diagnosis.urls")),
    path("style/", style.style, name="style"),
    path("mailbox/", mailbox.mail_list, name="mailbox"),
    path("mailbox/<str:key>/", mailbox.mail, name="mailbox_mail"),
    path("mailbox/<str:key>/html/", mailbox.mail_html, name="mailbox_html"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "horetsu_site.errors.bad_request"
handler403 = "horetsu_site.errors.forbidden"
handler404 = "horetsu_site.errors.not_found"
handler429 = "horetsu_site.errors.too_many"  # asked for by django-allauth
handler500 = "horetsu_site.errors.server_error"
