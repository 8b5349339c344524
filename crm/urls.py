"""The addresses of crm: pages of a shop, and what its API offers."""

from django.urls import include, path

from crm.complaints.api import ComplaintList
from crm.customers.api import CustomerList, OneCustomer, OnePurchase, PurchaseList
from crm.followups.api import SuggestionList
from crm.ledger.api import OneTouchpoint, TouchpointList
from crm.shops.machines.document import schema
from crm.stages.api import OneStage, StageList

# /api/v1/, for whoever holds a key of the shop
_API = "api/v1/"
machines = [
    path(_API + "schema/", schema, name="api_schema"),
    path(_API + "customers/", CustomerList.as_view(), name="api_customers"),
    path(_API + "customers/<int:customer_id>/", OneCustomer.as_view(), name="api_customer"),
    path(_API + "purchases/", PurchaseList.as_view(), name="api_purchases"),
    path(_API + "purchases/<int:purchase_id>/", OnePurchase.as_view(), name="api_purchase"),
    path(_API + "touchpoints/", TouchpointList.as_view(), name="api_touchpoints"),
    path(_API + "touchpoints/<int:touchpoint_id>/", OneTouchpoint.as_view(), name="api_touchpoint"),
    path(_API + "stages/", StageList.as_view(), name="api_stages"),
    path(_API + "stages/<int:customer_id>/", OneStage.as_view(), name="api_stage"),
    path(_API + "suggestions/", SuggestionList.as_view(), name="api_suggestions"),
    path(_API + "complaints/", ComplaintList.as_view(), name="api_complaints"),
]

urlpatterns = [
    path("", include("crm.followups.urls")),
    path("", include("crm.guard.urls")),
    path("", include("crm.imports.urls")),
    path("", include("crm.mail.urls")),
    path("", include("crm.shops.urls")),
    *machines,
]
