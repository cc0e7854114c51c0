from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupsConfig(AppConfig):
    name = "backups"
    verbose_name = _("Backups")

    def ready(self) -> None:
        from audit import labels
        from audit.extensions import outgoing_holders
        from backups.audit_labels import ACTIONS, FIELDS, OBJECTS, trouble_words
        from backups.queries import is_mail_held

        outgoing_holders["backups"] = is_mail_held

        labels.register(
            ACTIONS,
            objects=OBJECTS,
            fields=FIELDS,
            values=dict.fromkeys(("database", "files", "archiving"), trouble_words),
        )
