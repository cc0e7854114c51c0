"""The product's addresses, and the floor's beside them."""

from django.urls import URLPattern, URLResolver, path

from benchmarks.floor import views
from tracker.urls import handler400, handler403, handler404, handler500
from tracker.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("floor/page/", views.page),
    path("floor/upload/", views.upload),
    *product,
]
