"""`make faults`: reminders must reach everybody while workers, schedule, database, broker and mail server misbehave."""
