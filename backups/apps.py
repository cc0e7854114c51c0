from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupsConfig(AppConfig):
    name = "backups"
    verbose_name = _("Backups")

    def ready(self) -> None:
        from audit import labels
        from backups.audit_labels import ACTIONS, FIELDS, OBJECTS, trouble_words

        labels.register(
            ACTIONS,
            objects=OBJECTS,
            fields=FIELDS,
            values=dict.fromkeys(("database", "files", "archiving"), trouble_words),
        )
