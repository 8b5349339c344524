from django.urls import path

from crm.mail import views

# /u/<token>/, behind the link of every mail
urlpatterns = [
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("u/<str:token>/stop/", views.stop, name="unsubscribe_stop"),
    path("u/<str:token>/choose/", views.choose, name="unsubscribe_choose"),
]
