from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Progress summaries")

    def ready(self) -> None:
        from audit import labels
        from meetings.extensions import papers_panels
        from reports import navigation, words
        from reports.queries.papers_panel import read_papers_panel
        from reports.services import notices
        from reports.summary.monthly import stored_words

        words.register()
        labels.register({}, values={"selection": stored_words})
        navigation.register()
        notices.register()
        papers_panels["reports"] = read_papers_panel
