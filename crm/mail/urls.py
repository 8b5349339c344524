from django.urls import path

from crm.mail import views

urlpatterns = [path("u/<str:token>/", views.unsubscribe, name="unsubscribe")]
