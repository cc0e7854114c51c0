-- Nothing, where another worker has the lease by now.
INSERT INTO reminders_attempt (delivery_id, message_id, began_at, outcome, server_words)
SELECT %(delivery)s, %(message_id)s, %(began)s, '', ''
WHERE EXISTS (SELECT FROM reminders_delivery WHERE id = %(delivery)s AND leased_until = %(lease)s);
