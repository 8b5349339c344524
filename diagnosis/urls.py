"""The addresses of the public quiz, and of what the shop that runs it sees of its takers."""

from django.urls import path

from diagnosis import desk, views

# /d/<slug>/, for anybody
_QUIZ = "d/<slug:slug>/"
public = [
    path(_QUIZ, views.start, name="quiz"),
    path(_QUIZ + "result/<uuid:result>/", views.result, name="quiz_result"),
    path(_QUIZ + "result/<uuid:result>/mail/", views.ask_for_mail, name="quiz_mail"),
    path(_QUIZ + "result/<uuid:result>/again/", views.again, name="quiz_again"),
    path(_QUIZ + "confirm/<str:wish>/", views.confirm_contact, name="quiz_confirm"),
    path(_QUIZ + "<str:token>/", views.resume, name="quiz_resume"),
    path(_QUIZ + "<str:token>/<int:n>/", views.question, name="quiz_question"),
]

# /shops/<slug>/diagnosis/, for members
_DESK = "shops/<slug:slug>/diagnosis/"
staff = [
    path(_DESK, desk.takers, name="diagnosis"),
    path(_DESK + "switch/", desk.open_or_close, name="diagnosis_switch"),
    path(_DESK + "leads.csv", desk.leads_csv, name="diagnosis_leads"),
    path(_DESK + "takers.csv", desk.takers_csv, name="diagnosis_takers"),
]

urlpatterns = public + staff
