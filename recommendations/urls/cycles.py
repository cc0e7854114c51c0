"""Addresses of the cycles, which administrators keep."""

from django.urls import URLPattern, path

from recommendations.views import cycles

urlpatterns: list[URLPattern] = [
    path("cycles/", cycles.cycles, name="cycles"),
    path("cycles/prepare/", cycles.cycle_prepare, name="cycle_prepare"),
    path("cycles/<int:year>/", cycles.cycle, name="cycle"),
    path("cycles/<int:year>/change/", cycles.cycle_change, name="cycle_change"),
    path("cycles/<int:year>/close/", cycles.cycle_close, name="cycle_close"),
    path("cycles/<int:year>/reopen/", cycles.cycle_reopen, name="cycle_reopen"),
]
