"""Addresses of evidence."""

from django.urls import path

from evidence.views import acts, files, pages, receiving

app_name = "evidence"
urlpatterns = [
    path("", pages.document_list, name="list"),
    path("upload/", receiving.upload, name="upload"),
    path("register/", receiving.register, name="register"),
    path("<int:document_id>/", pages.detail, name="detail"),
    path("<int:document_id>/download/", files.download, name="download"),
    path("<int:document_id>/preview/", files.preview, name="preview"),
    path("<int:document_id>/describe/", acts.describe, name="describe"),
    path("<int:document_id>/withdraw/", acts.withdraw, name="withdraw"),
    path("<int:document_id>/restore/", acts.restore, name="restore"),
    path("<int:document_id>/replace/", receiving.replace, name="replace"),
    path("<int:document_id>/seal/", acts.seal, name="seal"),
    path("<int:document_id>/rescan/", acts.rescan, name="rescan"),
]
