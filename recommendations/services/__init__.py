"""Every write of this app: one function per act. Each checks that this person may, locks the row, checks that it may
happen now, writes, and records one Event, in one transaction. None reads the clock: `now` is passed in.
"""

from recommendations.services.actions import (
    cancel_action,
    finish_action,
    plan_action,
    plan_decision_step,
    plan_mapo_step,
)
from recommendations.services.asked_updates import ask_for_update, cancel_asked_update
from recommendations.services.assignments import (
    assign_agency,
    change_assignment,
    confirm_assignment,
    confirm_suggestions,
    end_assignment,
    name_officers,
    suggest_assignment,
)
from recommendations.services.comments import mark_mention_seen, write_comment
from recommendations.services.links import link_answer, unlink_answer
from recommendations.services.overrides import end_override, override_item
from recommendations.services.requests import (
    answer_request,
    ask_later_date,
    decline_assignment,
    withdraw_request,
)
from recommendations.services.reviews import accept_update, return_update, supersede_verdict
from recommendations.services.roles import change_role
from recommendations.services.step_changes import (
    ask_later_step,
    change_action,
    refuse_later_step,
    undo_step_change,
)
from recommendations.services.updates import (
    copy_update,
    discard_update,
    enter_letter,
    report_nothing_new,
    save_update,
    submit_update,
    undo_submission,
    withdraw_update,
)
