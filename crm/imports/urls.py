from django.urls import path

from crm.imports import views

urlpatterns = [
    path("shops/<slug:slug>/imports/", views.import_list, name="imports"),
    path("shops/<slug:slug>/imports/new/", views.new, name="import_new"),
    path("shops/<slug:slug>/imports/sample/", views.sample, name="import_sample"),
    path("shops/<slug:slug>/imports/<int:run_id>/", views.detail, name="import"),
    path("shops/<slug:slug>/imports/<int:run_id>/columns/", views.columns, name="import_columns"),
    path("shops/<slug:slug>/imports/<int:run_id>/begin/", views.begin, name="import_begin"),
    path("shops/<slug:slug>/imports/<int:run_id>/give-up/", views.give_up, name="import_give_up"),
    path("shops/<slug:slug>/imports/<int:run_id>/errors/", views.errors, name="import_errors"),
]
