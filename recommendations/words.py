"""The labels of this app's actions, objects and fields in the audit trail."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit import labels
from recommendations.content import CONTENT_LABELS
from recommendations.states import ItemKind


def register() -> None:
    """Name this app's actions, objects and fields."""
    labels.register(
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
            "assignment.turning_down_undone": _("Turned-down suggestion restored"),
            "assignment.confirmation_undone": _("Confirmation undone"),
            "assignment.assigning_undone": _("Assigning undone"),
            "assignment.officers_named": _("Responsible officers named"),
            "request.asked": _("Agency asked MAPO"),
            "request.answered": _("MAPO answered"),
            "request.withdrawn": _("Request withdrawn"),
            "update.started": _("Draft started"),
            "update.copied": _("Draft started from an earlier text"),
            "update.submitted": _("Update submitted"),
            "update.entered_by_letter": _("Update entered from a letter"),
            "update.withdrawn": _("Update withdrawn"),
            "update.submission_undone": _("Sending of an update undone"),
            "update.discarded": _("Draft discarded"),
            "update.accepted": _("Update accepted"),
            "update.returned": _("Update returned"),
            "update.brought_in": _("Update brought in by an opening import"),
            "opening.begun": _("Opening import started"),
            "opening.file_replaced": _("File of an opening import replaced"),
            "opening.submitted": _("Opening import submitted"),
            "opening.withdrawn": _("Opening import withdrawn"),
            "opening.discarded": _("Opening import discarded"),
            "opening.reopened": _("Opening import started from an earlier one"),
            "opening.accepted": _("Opening import accepted"),
            "opening.returned": _("Opening import returned"),
            "verdict.superseded": _("Verdict replaced"),
            "override.set": _("Status of an item set by MAPO"),
            "override.replaced": _("Status of an item replaced by MAPO"),
            "override.ended": _("MAPO's status of an item ended"),
            "comment.written": _("Comment written"),
            "mention.seen": _("Mention read"),
            "kept_view.kept": _("Filters saved under a name"),
            "kept_view.thrown_away": _("Saved filters removed"),
            "action.planned": _("Step planned"),
            "action.finished": _("Step done"),
            "action.cancelled": _("Step cancelled"),
        },
        objects={
            "demo": _("Demonstration"),
            "recommendations.Cycle": _("Cycle"),
            "recommendations.Item": _("Item"),
            "recommendations.Assignment": _("Assignment"),
            "recommendations.AssignmentRequest": _("Request to MAPO"),
            "recommendations.Comment": _("Comment"),
            "recommendations.Action": _("Planned step"),
            "recommendations.OpeningImport": _("Opening import"),
            "recommendations.Update": _("Update"),
            "recommendations.Review": _("Review"),
            "recommendations.ItemOverride": _("Status set by MAPO"),
            "recommendations.KeptView": _("Saved filters"),
        },
        fields={
            **CONTENT_LABELS,
            "acts": _("Events"),
            "answer": _("Answer"),
            "cadence_days": _("days between updates"),
            "closed_at": _("Closed"),
            "created": _("Created"),
            "documents": _("Files"),
            "done_on": _("Done on"),
            "draft": pgettext_lazy("update", "Draft"),
            "due_on": _("final due date"),
            "due_soon_days": _("days before due that count as due soon"),
            "file": _("File"),
            "filters": _("Filters"),
            "interim_on": _("interim date"),
            "kind": _("Kind"),
            "left_open": _("Still open"),
            "mentioned": _("Mentioned"),
            "next_due_on": _("next update due"),
            "officers": _("Responsible officers"),
            "owner": _("Responsible officer"),
            "pillar": _("Pillar"),
            "proposed_on": _("proposed date"),
            "replaces": _("Replaces"),
            "requests": _("Requests"),
            "resubmit_by": _("Resubmit by"),
            "returned": _("Returned"),
            "stage": _("Stage"),
            "stale_after_days": _("days without an accepted update that count as stale"),
            "submission_on": _("information due"),
            "submitted": _("Waiting for MAPO"),
            "suggested": _("Suggested"),
            "text": _("Text"),
            "text_en": _("Text in English"),
            "text_ms": _("Text in Malay"),
            "version": _("Version"),
            "window_end": _("window end"),
            "window_start": _("window start"),
        },
        numbered=[kind.label for kind in ItemKind],
    )
    labels.offered_choices["item"] = _items


def _items() -> labels.Choices:
    from recommendations.models import Item

    items = Item.objects.select_related("cycle").in_order()
    return [(item.pk, f"{item.cycle.year} · {item}") for item in items]
