"""The floor beside the product."""

from django.urls import URLPattern, URLResolver, path

from benchmarks import floor
from tracker.urls import handler400, handler403, handler404, handler500
from tracker.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("floor/page/", floor.page),
    path("floor/upload/", floor.upload),
    *product,
]
