from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = _("Evidence")

    def ready(self) -> None:
        from audit import words
        from evidence.words import ACTIONS, FIELDS, OBJECTS

        words.register(ACTIONS, objects=OBJECTS, fields=FIELDS)
