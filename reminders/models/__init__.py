"""Reminders, the mails that carry them, and the rules behind both."""

from reminders.models.delivery import Attempt, Delivery, Notice, NoticeQuerySet
from reminders.models.reminder import LINE_LENGTH, Nudge, PlanningRun, Reminder, ReminderQuerySet
from reminders.models.rule import DayOff, DayOffQuerySet, Preference, ReminderRule
