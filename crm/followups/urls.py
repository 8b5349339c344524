"""What suits which customer, and how it is settled."""

from django.urls import path

from crm.followups import views

_HERE = "shops/<slug:slug>/suggestions"
_ONE = f"{_HERE}/<int:suggestion_id>"

urlpatterns = [
    path(f"{_HERE}/", views.suggestion_list, name="suggestions"),
    path(f"{_HERE}/quiet/", views.keep_quiet, name="suggestions_quiet"),
    path(f"{_HERE}/answered/<int:touchpoint_id>/", views.answered, name="answered"),
    path(f"{_HERE}/answered/<int:touchpoint_id>/undo/", views.unanswered, name="unanswered"),
    path(f"{_ONE}/", views.suggestion, name="suggestion"),
    path(f"{_ONE}/save/", views.save, name="suggestion_save"),
    path(f"{_ONE}/approve/", views.approve, name="suggestion_approve"),
    path(f"{_ONE}/dismiss/", views.dismiss, name="suggestion_dismiss"),
    path(f"{_ONE}/done/", views.finish, name="suggestion_done"),
    path(f"{_ONE}/later/", views.put_off, name="suggestion_later"),
    path(f"{_ONE}/undo/", views.undo, name="suggestion_undo"),
]
