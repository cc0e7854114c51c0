-- The end of an attempt, of its reminders if it was sent, and of the mail's lease.
WITH ended AS (
    UPDATE reminders_attempt SET outcome = %(outcome)s, server_words = %(words)s, ended_at = %(ended)s
    WHERE delivery_id = %(delivery)s AND outcome = '' AND began_at = %(began)s),
said AS (
    UPDATE reminders_reminder SET sent_at = %(ended)s
    WHERE %(state)s = 'sent' AND id = ANY(%(reminders)s))
UPDATE reminders_delivery SET
    state = %(state)s, settled_at = CASE WHEN %(state)s <> 'waiting' THEN %(ended)s END, address = %(address)s,
    language = %(language)s, subject = %(subject)s, server_words = %(words)s, leased_until = NULL,
    attempts_count = attempts_count + 1, next_attempt_at = %(next)s
WHERE id = %(delivery)s AND (leased_until = %(lease)s OR %(state)s = 'sent');
