from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "recommendations"

    def ready(self) -> None:
        from evidence.extensions import document_panels
        from recommendations import words
        from recommendations.queries.citing_updates import citing_panel

        words.register()
        document_panels["updates"] = citing_panel
