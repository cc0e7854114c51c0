"""Addresses of this app: the agency's day and what everybody reads, what both sides do on an item, and MAPO's day."""

from django.urls import path

from recommendations.views import (
    assignment_acts,
    assignment_roles,
    assignments,
    comments,
    contacts,
    home,
    items,
    letters,
    my_work,
    our_agency,
    overrides,
    reviews,
    steps,
    update_form,
    updates,
)

app_name = "recommendations"

_ASSIGNMENT = "assignments/<int:assignment_id>"
_UPDATE = "updates/<int:update_id>"

urlpatterns = [
    path("", home.home, name="home"),
    path("my-work/", my_work.my_work, name="my_work"),
    path("our-agency/", our_agency.our_agency, name="our_agency"),
    path("items/", items.items, name="items"),
    path("items/<int:item_id>/", items.item, name="item"),
    path("items/<int:item_id>/history/", items.item_history, name="item_history"),
    path("contacts/", contacts.contacts, name="contacts"),
    path(f"{_ASSIGNMENT}/update/", update_form.update_start, name="update_start"),
    path(f"{_ASSIGNMENT}/update/autosave/", update_form.update_start_autosave, name="update_start_autosave"),
    path(f"{_ASSIGNMENT}/nothing-new/", updates.update_nothing_new, name="update_nothing_new"),
    path(f"{_ASSIGNMENT}/decline/", assignment_acts.assignment_decline, name="assignment_decline"),
    path(f"{_ASSIGNMENT}/later/", assignment_acts.assignment_later, name="assignment_later"),
    path("requests/<int:request_id>/withdraw/", assignment_acts.request_withdraw, name="request_withdraw"),
    path(f"{_ASSIGNMENT}/officers/", assignment_acts.assignment_officers, name="assignment_officers"),
    path(f"{_ASSIGNMENT}/actions/", steps.action_plan, name="action_plan"),
    path("items/<int:item_id>/actions/", steps.action_plan_mapo, name="action_plan_mapo"),
    path("actions/<int:action_id>/done/", steps.action_finish, name="action_finish"),
    path("actions/<int:action_id>/change/", steps.action_change, name="action_change"),
    path("actions/<int:action_id>/later/", steps.action_later, name="action_later"),
    path("actions/<int:action_id>/keep-date/", steps.action_keep_date, name="action_keep_date"),
    path("actions/undo/<int:version_id>/", steps.action_undo, name="action_undo"),
    path("actions/<int:action_id>/cancel/", steps.action_cancel, name="action_cancel"),
    path(f"{_UPDATE}/", updates.update, name="update"),
    path(f"{_UPDATE}/edit/", update_form.update_edit, name="update_edit"),
    path(f"{_UPDATE}/autosave/", update_form.update_autosave, name="update_autosave"),
    path(f"{_UPDATE}/withdraw/", updates.update_withdraw, name="update_withdraw"),
    path(f"{_UPDATE}/undo/", updates.update_undo, name="update_undo"),
    path(f"{_UPDATE}/discard/", updates.update_discard, name="update_discard"),
    path(f"{_UPDATE}/copy/", updates.update_copy, name="update_copy"),
    path(f"{_ASSIGNMENT}/comments/", comments.comments, name="comments"),
    path("mentions/<int:mention_id>/seen/", comments.mention_seen, name="mention_seen"),
    path("items/<int:item_id>/override/", overrides.item_override, name="item_override"),
    path("overrides/<int:override_id>/end/", overrides.override_end, name="override_end"),
    path("reviews/", reviews.queue, name="queue"),
    path("reviews/<int:update_id>/", reviews.review, name="review"),
    path("reviews/<int:review_id>/supersede/", reviews.review_supersede, name="review_supersede"),
    path("steps/", steps.steps, name="steps"),
    path("assignments/", assignments.assignments, name="assignments"),
    path(f"{_ASSIGNMENT}/", assignments.assignment, name="assignment"),
    path(f"{_ASSIGNMENT}/role/", assignment_roles.assignment_role, name="assignment_role"),
    path(f"{_ASSIGNMENT}/end/", assignments.assignment_end, name="assignment_end"),
    path(f"{_ASSIGNMENT}/ask/", assignments.update_ask, name="update_ask"),
    path("asked-updates/<int:asked_id>/cancel/", assignments.asked_cancel, name="asked_cancel"),
    path(f"{_ASSIGNMENT}/letter/", letters.letter, name="letter"),
    path("requests/<int:request_id>/answer/", assignments.request_answer, name="request_answer"),
]
