from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import receivers, words  # noqa: F401 - importing receivers connects the libraries' signals

        words.register()
