-- Follows the relations of `planning_relations`.
-- Rows that concern nobody any more are settled. A row that is due again is opened again, and goes into a new mail
-- unless its mail was sent or still waits. (NOT IN, of columns that are never NULL, is looked up in a hash whatever the
-- planner thinks of the size of `highest`; NOT EXISTS was a nested loop. Rows that exist are left out of the INSERT,
-- which would lock each of them for nothing, every minute.)
settled AS (
    UPDATE reminders_reminder reminder SET settled_at = %(now)s
    WHERE reminder.settled_at IS NULL AND reminder.nudge_id IS NULL
      AND (reminder.recipient, reminder.matter, reminder.due_on) NOT IN (
        SELECT recipient, matter, due_on FROM highest)
    RETURNING reminder.id),
planned AS (
    INSERT INTO reminders_reminder AS reminder ({into}, planned_at)
    SELECT {due}, %(now)s
    FROM highest
    WHERE level IS NOT NULL AND (recipient, matter, due_on, level) NOT IN (
        SELECT recipient, matter, due_on, rung FROM reminders_reminder WHERE settled_at IS NULL)
    ON CONFLICT (recipient, matter, due_on, rung) DO UPDATE SET
        settled_at = NULL,
        is_muted = excluded.is_muted,
        delivery_id = CASE WHEN reminder.sent_at IS NOT NULL OR EXISTS (
            SELECT FROM reminders_delivery delivery
            WHERE delivery.id = reminder.delivery_id AND delivery.state = 'waiting')
            THEN reminder.delivery_id END
        WHERE reminder.settled_at IS NOT NULL
    RETURNING reminder.planned_at = %(now)s AS is_new, reminder.send_on)
SELECT count(*) FILTER (WHERE is_new),
       (SELECT count(*) FROM settled),
       count(*) FILTER (WHERE is_new AND send_on > %(before)s AND send_on < %(today)s),
       min(send_on) FILTER (WHERE is_new AND send_on > %(before)s AND send_on < %(today)s)
FROM planned
