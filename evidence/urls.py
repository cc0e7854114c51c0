"""URLs of evidence, under /evidence/."""

from django.urls import path

from evidence.views import checks, documents, downloads, receiving

app_name = "evidence"
urlpatterns = [
    path("", documents.document_list, name="list"),
    path("upload/", receiving.upload, name="upload"),
    path("register/", receiving.register, name="register"),
    path("checks/", checks.checks, name="checks"),
    path("<int:document_id>/", documents.detail, name="detail"),
    path("<int:document_id>/download/", downloads.download, name="download"),
    path("<int:document_id>/preview/", downloads.preview, name="preview"),
    path("<int:document_id>/describe/", documents.describe, name="describe"),
    path("<int:document_id>/withdraw/", documents.withdraw, name="withdraw"),
    path("<int:document_id>/restore/", documents.restore, name="restore"),
    path("<int:document_id>/replace/", receiving.replace, name="replace"),
    path("<int:document_id>/seal/", documents.seal, name="seal"),
    path("<int:document_id>/rescan/", documents.rescan, name="rescan"),
]
