from typing import Any

from django.shortcuts import get_object_or_404

from crm.shops.models import Shop
from crm.tenancy.door import word_behind_door
from diagnosis.models import QuizAddress


def by_quiz(request: Any) -> Shop:
    """The shop that runs the quiz at /d/<slug>/…; 404 where there is none."""
    slug = word_behind_door(request.path_info).replace("\x00", "")
    return get_object_or_404(QuizAddress.objects.select_related("shop"), slug=slug).shop
