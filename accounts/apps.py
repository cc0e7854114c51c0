from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import audit_labels, receivers  # noqa: F401 - importing receivers connects the libraries' signals

        audit_labels.register()
