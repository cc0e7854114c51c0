-- Follows the relations of `standing_relations`: settles what the mails in hand would say and no longer stands.
UPDATE reminders_reminder reminder SET settled_at = %(now)s
WHERE reminder.delivery_id = ANY(%(deliveries)s) AND reminder.settled_at IS NULL AND reminder.nudge_id IS NULL
  AND (reminder.recipient, reminder.matter, reminder.due_on) NOT IN (
    SELECT recipient, matter, due_on FROM allowed)
