"""Addresses of the cycles, which everybody reads and administrators manage."""

from django.urls import URLPattern, path

from cycles import editorial_views, fact_views, title_views, views

app_name = "cycles"

urlpatterns: list[URLPattern] = [
    path("cycles/", views.cycles, name="cycles"),
    path("cycles/prepare/", views.cycle_prepare, name="cycle_prepare"),
    path("cycles/<int:year>/", views.cycle, name="cycle"),
    path("cycles/<int:year>/change/", views.cycle_change, name="cycle_change"),
    path("cycles/<int:year>/titles/", title_views.titles, name="titles"),
    path("cycles/<int:year>/titles/undo/", title_views.titles_undo, name="titles_undo"),
    path("cycles/<int:year>/facts/add/", fact_views.fact_add, name="fact_add"),
    path("cycles/<int:year>/facts/<int:fact_id>/", fact_views.fact_change, name="fact_change"),
    path("cycles/<int:year>/facts/<int:fact_id>/withdraw/", fact_views.fact_withdraw, name="fact_withdraw"),
    path("cycles/<int:year>/items/<int:item_id>/", editorial_views.item_change, name="item_change"),
    path("cycles/<int:year>/open/", views.cycle_open, name="cycle_open"),
    path("cycles/<int:year>/close/", views.cycle_close, name="cycle_close"),
    path("cycles/<int:year>/delete/", views.cycle_delete, name="cycle_delete"),
    path("cycles/<int:year>/reopen/", views.cycle_reopen, name="cycle_reopen"),
]
