"""The addresses of customers and of their complaints."""

from django.urls import path

from horetsu_site.pages import complaints, customers, entries, people, person

_PEOPLE = "shops/<slug:slug>/customers"
_PERSON = f"{_PEOPLE}/<int:customer_id>"
_CASES = "shops/<slug:slug>/complaints"
_CASE = f"{_CASES}/<int:complaint_id>"

urlpatterns = [
    path(f"{_PEOPLE}/", people.customer_list, name="customers"),
    path(f"{_PEOPLE}/file/", people.export, name="customers_export"),
    path(f"{_PEOPLE}/new/", person.new, name="customer_new"),
    path(f"{_PERSON}/", customers.customer, name="customer"),
    path(f"{_PERSON}/edit/", person.edit, name="customer_edit"),
    path(f"{_PERSON}/write-down/note/", entries.note, name="note"),
    path(f"{_PERSON}/write-down/<slug:entry>/", entries.entry, name="entry"),
    path(f"{_PERSON}/notes/<int:note_id>/remove/", entries.note_remove, name="note_remove"),
    path(f"{_PERSON}/facts/<int:fact_id>/<slug:change>/", entries.fact_change, name="fact_change"),
    path(f"{_CASES}/", complaints.complaint_list, name="complaints"),
    path(f"{_CASE}/", complaints.complaint, name="complaint"),
    path(f"{_CASE}/assign/", complaints.assign, name="complaint_assign"),
    path(f"{_CASE}/respond/", complaints.respond, name="complaint_respond"),
    path(f"{_CASE}/close/", complaints.move, {"to": "close"}, name="complaint_close"),
    path(f"{_CASE}/reopen/", complaints.move, {"to": "reopen"}, name="complaint_reopen"),
    path(f"{_CASE}/recovery/", complaints.recovery, name="complaint_recovery"),
]
