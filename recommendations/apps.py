from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "recommendations"

    def ready(self) -> None:
        from accounts.extensions import dependents_readers, handovers
        from evidence.extensions import document_panels
        from recommendations import words
        from recommendations.queries.citing_updates import citing_panel
        from recommendations.queries.dependents import read_dependents
        from recommendations.services.handovers import hand_over

        words.register()
        document_panels["updates"] = citing_panel
        dependents_readers["assignments"] = read_dependents
        handovers["assignments"] = hand_over
