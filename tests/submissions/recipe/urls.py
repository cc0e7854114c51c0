from django.urls import path

from tests.submissions.recipe import views
from tracker.urls import urlpatterns as of_the_product

urlpatterns = [
    *of_the_product,
    path("contributions/<int:year>/", views.contribution, name="contribution"),
    path("contributions/<int:year>/autosave/", views.autosave, name="contribution_autosave"),
    path("contributions/<int:contribution_id>/take-back/", views.take_back, name="contribution_take_back"),
]
