"""The addresses of surveys: what customers open, and what staff see of it."""

from django.urls import path

from surveys import desk, views

# /a/<token>/, behind the link of a mail
guests = [
    path("a/<str:token>/", views.answer, name="answer"),
    path("a/<str:token>/thanks/", views.thanks, name="answer_thanks"),
    path("a/<str:token>/renew/", views.renew, name="answer_renew"),
    path("a/<str:token>/privacy/", views.privacy, name="answer_privacy"),
]

# /shops/<slug>/surveys/, for members
_HERE = "shops/<slug:slug>/surveys/"
staff = [
    path(_HERE, desk.survey_list, name="surveys"),
    path(_HERE + "new/", desk.begin, name="survey_new"),
    path(_HERE + "<int:survey_id>/", desk.survey, name="survey"),
    path(_HERE + "<int:survey_id>/waits/", desk.change_waits, name="survey_waits"),
    path(_HERE + "<int:survey_id>/switch/", desk.switch, name="survey_switch"),
    path(
        _HERE + "<int:survey_id>/responses/<int:response_id>/judge/",
        desk.judge,
        name="survey_judge",
    ),
]

urlpatterns = guests + staff
