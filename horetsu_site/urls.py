"""The site map."""

from django.contrib.auth import views as auth
from django.urls import include, path

from horetsu_site import health
from horetsu_site.pages import customers, home, mailbox, mails, today

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", auth.LoginView.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(success_url="/"), name="password_change"),
    path("shops/<slug:slug>/", today.shop, name="shop"),
    path("shops/<slug:slug>/today/", today.today, name="today"),
    path("shops/<slug:slug>/today/<int:work_id>/retry/", today.retry, name="retry"),
    path("shops/<slug:slug>/customers/", customers.customer_list, name="customers"),
    path("shops/<slug:slug>/customers/<int:customer_id>/", customers.customer, name="customer"),
    path("shops/<slug:slug>/mail/", mails.mail_list, name="mails"),
    path("", include("crm.urls")),
    path("", include("surveys.urls")),
    path("mailbox/", mailbox.mail_list, name="mailbox"),
    path("mailbox/<str:key>/", mailbox.mail, name="mailbox_mail"),
    path("mailbox/<str:key>/html/", mailbox.mail_html, name="mailbox_html"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "horetsu_site.errors.bad_request"
handler403 = "horetsu_site.errors.forbidden"
handler404 = "horetsu_site.errors.not_found"
handler500 = "horetsu_site.errors.server_error"
