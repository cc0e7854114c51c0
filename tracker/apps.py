from django.apps import AppConfig


class TrackerConfig(AppConfig):
    name = "tracker"

    def ready(self) -> None:
        """Bind tasks to our Celery application in every process; register the start-up checks, and what errors cause."""
        from tracker import celery, checks, unavailable  # noqa: F401 - imported for what they register
