"""The addresses of surveys: what customers open, and what staff see of it."""

from django.urls import path

from surveys import answer_desk, desk, previews, views
from surveys.api import ResponseList, SurveyList

# /a/<token>/, behind the link of a mail
guests = [
    path("a/<str:token>/", views.answer, name="answer"),
    path("a/<str:token>/thanks/", views.thanks, name="answer_thanks"),
    path("a/<str:token>/renew/", views.renew, name="answer_renew"),
    path("a/<str:token>/privacy/", views.privacy, name="answer_privacy"),
]

# /shops/<slug>/surveys/, for members
_HERE = "shops/<slug:slug>/surveys/"
_ONE = _HERE + "<int:survey_id>/"
staff = [
    path(_HERE, desk.survey_list, name="surveys"),
    path(_HERE + "new/", desk.prepare, name="survey_new"),
    path(_ONE, desk.survey, name="survey"),
    path(_ONE + "timing/", desk.timing, name="survey_timing"),
    path(_ONE + "words/<str:language>/", desk.words, name="survey_words"),
    path(_ONE + "switch/", desk.switch, name="survey_switch"),
    path(_ONE + "undo/", desk.undo, name="survey_undo"),
    path(_ONE + "preview/", previews.preview, name="survey_preview"),
    path(_ONE + "preview/mail/", previews.preview_mail, name="survey_preview_mail"),
    path(_ONE + "preview/page/", previews.preview_page, name="survey_preview_page"),
    path(_ONE + "responses/", answer_desk.responses, name="survey_responses"),
    path(_ONE + "responses/export/", answer_desk.export, name="survey_export"),
    path(
        _ONE + "responses/<int:response_id>/judge/",
        answer_desk.judge,
        name="survey_judge",
    ),
]

# /api/v1/, for whoever holds a key of the shop
machines = [
    path("api/v1/surveys/", SurveyList.as_view(), name="api_surveys"),
    path("api/v1/surveys/<int:survey_id>/responses/", ResponseList.as_view(), name="api_responses"),
]

urlpatterns = guests + staff + machines
