"""Addresses of the meetings of the council."""

from django.urls import URLPattern, path

from meetings.views import decisions, meetings, papers, prepare

app_name = "meetings"

_MEETING = "meetings/<int:meeting_id>"
_DECISION = f"{_MEETING}/decisions/<int:decision_id>"

urlpatterns: list[URLPattern] = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/announce/", meetings.meeting_announce, name="meeting_announce"),
    path(f"{_MEETING}/", meetings.meeting, name="meeting"),
    path(f"{_MEETING}/change/", meetings.meeting_change, name="meeting_change"),
    path(f"{_MEETING}/hold/", meetings.meeting_hold, name="meeting_hold"),
    path(f"{_MEETING}/attendance/", meetings.meeting_attendance, name="meeting_attendance"),
    path(f"{_MEETING}/close/", meetings.meeting_close, name="meeting_close"),
    path(f"{_MEETING}/postpone/", meetings.meeting_postpone, name="meeting_postpone"),
    path(f"{_MEETING}/cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path(f"{_MEETING}/reopen/", meetings.meeting_reopen, name="meeting_reopen"),
    path(f"{_MEETING}/prepare/", prepare.meeting_prepare, name="meeting_prepare"),
    path(f"{_MEETING}/papers/", papers.meeting_papers, name="meeting_papers"),
    path(f"{_MEETING}/papers/lay/", papers.agenda_lay, name="agenda_lay"),
    path(f"{_MEETING}/papers/laid/<int:laid_id>/", papers.agenda_laid, name="agenda_laid"),
    path(f"{_MEETING}/decisions/", decisions.meeting_decisions, name="meeting_decisions"),
    path(f"{_DECISION}/correct/", decisions.decision_correct, name="decision_correct"),
    path(f"{_DECISION}/withdraw/", decisions.decision_withdraw, name="decision_withdraw"),
    path("our-agency/decisions/", decisions.our_decisions, name="our_decisions"),
    path(f"{_MEETING}/points/add/", prepare.point_add, name="point_add"),
    path(f"{_MEETING}/points/<int:point_id>/", prepare.point_save, name="point_save"),
    path(f"{_MEETING}/points/<int:point_id>/move/", prepare.point_move, name="point_move"),
]
