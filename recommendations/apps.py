from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit import words


class RecommendationsConfig(AppConfig):
    name = "recommendations"

    def ready(self) -> None:
        words.register(
            {
                "cycle.loaded": _("Cycle loaded"),
                "cycle.changed": _("Cycle changed"),
                "cycle.closed": _("Cycle closed"),
                "cycle.reopened": _("Cycle reopened"),
                "demo.seeded": _("Demonstration filled with samples"),
                "item.added": _("Item added"),
                "item.linked": _("Answer linked"),
                "item.unlinked": _("Answer no longer linked"),
                "assignment.suggested": _("Agency suggested"),
                "assignment.turned_down": _("Suggestion turned down"),
                "assignment.assigned": _("Agency assigned"),
                "assignment.confirmed": _("Assignment confirmed"),
                "assignment.changed": _("Assignment changed"),
                "assignment.ended": _("Assignment ended"),
                "assignment.move_undone": _("Moved due date undone"),
                "assignment.turning_down_undone": _("Turned down suggestion stands again"),
                "assignment.confirmation_undone": _("Confirmation undone"),
                "assignment.assigning_undone": _("Assigning undone"),
                "assignment.officers_named": _("Responsible officers named"),
                "request.asked": _("Agency asked MAPO"),
                "request.answered": _("MAPO answered"),
                "update.started": _("Draft started"),
                "update.copied": _("Draft started from an earlier text"),
                "update.submitted": _("Update submitted"),
                "update.entered_by_letter": _("Update entered from a letter"),
                "update.withdrawn": _("Update withdrawn"),
                "update.discarded": _("Draft discarded"),
                "update.accepted": _("Update accepted"),
                "update.returned": _("Update returned"),
                "update.brought_in": _("Update brought in by an opening import"),
                "opening.begun": _("Opening import begun"),
                "opening.file_replaced": _("File of an opening import replaced"),
                "opening.submitted": _("Opening import submitted"),
                "opening.withdrawn": _("Opening import withdrawn"),
                "opening.discarded": _("Opening import discarded"),
                "opening.reopened": _("Opening import begun from an earlier one"),
                "opening.accepted": _("Opening import accepted"),
                "opening.returned": _("Opening import returned"),
                "verdict.superseded": _("Verdict superseded"),
                "override.set": _("State of an item set by MAPO"),
                "override.replaced": _("State of an item set anew by MAPO"),
                "override.ended": _("MAPO's state of an item ended"),
                "comment.written": _("Comment written"),
                "mention.seen": _("Mention read"),
                "kept_view.kept": _("Filters kept under a name"),
                "kept_view.thrown_away": _("Kept filters removed"),
                "action.planned": _("Step planned"),
                "action.finished": _("Step done"),
                "action.cancelled": _("Step cancelled"),
            },
            objects={
                "demo": _("Demonstration"),
                "recommendations.Cycle": _("Cycle"),
                "recommendations.Item": _("Item"),
                "recommendations.Assignment": _("Assignment"),
                "recommendations.AssignmentRequest": _("Question to MAPO"),
                "recommendations.Comment": _("Comment"),
                "recommendations.Action": _("Planned step"),
                "recommendations.OpeningImport": _("Opening import"),
                "recommendations.Update": _("Update"),
                "recommendations.Review": _("Review"),
                "recommendations.ItemOverride": _("State set by MAPO"),
                "recommendations.KeptView": _("Kept filters"),
            },
        )
        words.offer(items=_items)


def _items() -> words.Choices:
    from recommendations.models import Item

    items = Item.objects.select_related("cycle").in_order()
    return [(item.pk, f"{item.cycle.year} · {item}") for item in items]
