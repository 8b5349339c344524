"""The peer of `script/bench answers`: a Django site of one form that inserts one row.

No middleware, no session, no tenant: what Django itself costs with the same server,
the same database and the same clients.
"""

import django
from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from horetsu_site import env

settings.configure(
    SECRET_KEY="bare",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="benchmarks.bare_site",
    INSTALLED_APPS=[],
    MIDDLEWARE=[],
    DATABASES={"default": env.database("DATABASE_URL") | {"CONN_MAX_AGE": 600}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)
django.setup()


class Answer(models.Model):
    score = models.IntegerField()
    words = models.TextField()

    class Meta:
        app_label = "benchmarks"
        db_table = "bench_answer"


class AnswerForm(forms.Form):
    score = forms.IntegerField(min_value=0, max_value=10)
    words = forms.CharField(required=False, max_length=5000, widget=forms.Textarea)


PAGE = engines["django"].from_string(
    "<!doctype html><title>A form</title>"
    "<form method=post>{{ form.as_p }}<button>Send</button></form>"
)


def answer(request: HttpRequest, number: int) -> HttpResponse:
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        Answer.objects.create(**form.cleaned_data)
        return HttpResponse("Thank you")
    return HttpResponse(PAGE.render({"form": form}))


urlpatterns = [path("a/<int:number>/", answer)]
application = get_wsgi_application()
