from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = _("Evidence")

    def ready(self) -> None:
        from audit import labels
        from evidence.audit_labels import ACTIONS, FIELDS, OBJECTS, harm_words

        labels.register(ACTIONS, objects=OBJECTS, fields=FIELDS, values={"harm": harm_words})
