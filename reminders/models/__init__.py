"""Reminders, the mails that carry them, and the rules behind both."""

from reminders.models.day_off import DayOff
from reminders.models.delivery import Attempt, Delivery
from reminders.models.notice import Notice, NoticeQuerySet
from reminders.models.nudge import LINE_LENGTH, Nudge
from reminders.models.preference import Preference
from reminders.models.reminder import Reminder, ReminderQuerySet
from reminders.models.round import Round
from reminders.models.rule import ReminderRule
