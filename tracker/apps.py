from django.apps import AppConfig


class TrackerConfig(AppConfig):
    name = "tracker"

    def ready(self) -> None:
        """Bind tasks to our Celery application in every process, and register the start-up checks."""
        from tracker import celery, checks  # noqa: F401 - imported for what they register
