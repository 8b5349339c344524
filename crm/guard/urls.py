"""The shop's restraint, among its settings."""

from django.urls import path

from crm.guard import views

urlpatterns = [
    path("shops/<slug:slug>/settings/restraint/", views.restraint, name="restraint"),
]
