"""The API's description, for whoever writes a program against it."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer


@require_safe
@cache_control(public=True, max_age=3600)
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1: YAML, or JSON for who asks for it. It is the same for everybody."""
    wants_json = "json" in request.headers.get("Accept", "")
    renderer = OpenApiJsonRenderer() if wants_json else OpenApiYamlRenderer()
    response = HttpResponse(
        renderer.render(document(), renderer_context={}), content_type=renderer.media_type
    )
    response.headers["Vary"] = "Accept"
    return response


@cache
def document() -> dict[str, Any]:
    """The description itself, made once: it does not change while the program runs."""
    with override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made
