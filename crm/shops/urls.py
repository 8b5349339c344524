"""The parts of a shop's settings, and the ways in and out of it."""

from django.urls import path

from crm.shops import views
from crm.shops.keys import views as keys
from crm.shops.people import views as people

_SETTINGS = "shops/<slug:slug>/settings"

urlpatterns = [
    path(f"{_SETTINGS}/", views.settings, name="settings"),
    path(f"{_SETTINGS}/done/", views.audit, name="audit"),
    path(f"{_SETTINGS}/people/", people.people, name="people"),
    path(f"{_SETTINGS}/people/invite/", people.people_invite, name="people_invite"),
    path(f"{_SETTINGS}/people/<int:member_id>/role/", people.people_role, name="people_role"),
    path(f"{_SETTINGS}/people/<int:member_id>/remove/", people.people_remove, name="people_remove"),
    path(
        f"{_SETTINGS}/people/invitations/<int:invitation_id>/renew/",
        people.invitation_renew,
        name="invitation_renew",
    ),
    path(
        f"{_SETTINGS}/people/invitations/<int:invitation_id>/revoke/",
        people.invitation_revoke,
        name="invitation_revoke",
    ),
    path(f"{_SETTINGS}/keys/", keys.keys, name="keys"),
    path(f"{_SETTINGS}/keys/new/", keys.key_new, name="key_new"),
    path(f"{_SETTINGS}/keys/<int:key_id>/revoke/", keys.key_revoke, name="key_revoke"),
    path("shops/<slug:slug>/leave/", people.leave_shop, name="leave_shop"),
    path("join/<str:token>/", people.join, name="join"),
]
