"""URLs of the guides."""

from django.urls import path

from guides import views

app_name = "guides"
urlpatterns = [
    path("guide/", views.guide, name="guide"),
    path("guide/<slug:name>/", views.guide, name="named"),
    path("welcome/", views.welcome, name="welcome"),
]
