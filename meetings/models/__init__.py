"""What is kept of meetings of the council."""

from meetings.models.decision import MeetingDecision
from meetings.models.laid import LaidAgenda
from meetings.models.meeting import Meeting, MeetingDetails
from meetings.models.point import AgendaPoint
