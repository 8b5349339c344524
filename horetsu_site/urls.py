"""The site map."""

from django.contrib.auth import views as auth
from django.urls import path

from horetsu_site import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("login/", auth.LoginView.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
]

handler400 = "horetsu_site.errors.bad_request"
handler403 = "horetsu_site.errors.forbidden"
handler404 = "horetsu_site.errors.not_found"
handler500 = "horetsu_site.errors.server_error"
