"""The addresses of crm: pages of a shop, and what its API offers."""

from django.urls import include, path

from crm.customers.api import CustomerList
from crm.shops import views as shops
from crm.stages.api import StageList

urlpatterns = [
    path("", include("crm.mail.urls")),
    path("shops/<slug:slug>/settings/", shops.settings, name="settings"),
    path("api/v1/customers/", CustomerList.as_view(), name="api_customers"),
    path("api/v1/stages/", StageList.as_view(), name="api_stages"),
]
