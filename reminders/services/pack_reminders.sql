-- A digest that still waits from an earlier day (its place was closed, or its server was away) takes along what is
-- ready now, so that nobody gets two on a day.
-- Where a waiting mail that takes along what is new may have arrived already, it gets another Message-ID: with the old
-- one a reader's program could drop it as a copy.
WITH open(place, next_on) AS (SELECT * FROM unnest(%(places)s::text[], %(next)s::date[])),
ready AS MATERIALIZED (
    SELECT reminder.id, reminder.recipient, reminder.user_id, reminder.agency_id, former.waiting_id,
           coalesce(preference.hour, %(default_hour)s) <= %(hour)s AND former.has_gone IS NOT TRUE AS is_time,
           reminder.is_urgent
               OR (former.has_gone AND reminder.due_on >= %(today)s AND reminder.due_on < open.next_on)
               AS is_urgent
    FROM reminders_reminder reminder
    LEFT JOIN accounts_user person ON person.id = reminder.user_id
    JOIN accounts_agency agency ON agency.id = coalesce(person.agency_id, reminder.agency_id)
    JOIN open ON open.place = coalesce(nullif(person.place, ''), agency.place)
    LEFT JOIN reminders_preference preference ON preference.user_id = reminder.user_id
    CROSS JOIN LATERAL (
        SELECT bool_or(
                   digest.day = %(today)s
                   OR (digest.state = 'sent' AND digest.settled_at >= %(midnight)s)
                   OR (digest.state = 'waiting' AND digest.leased_until >= clock_timestamp())) AS has_gone,
               max(digest.id) FILTER (WHERE digest.state = 'waiting' AND digest.day < %(today)s) AS waiting_id
        FROM reminders_delivery digest
        WHERE digest.recipient = reminder.recipient AND digest.kind = 'digest' AND digest.day > %(long_ago)s) former
    WHERE reminder.delivery_id IS NULL AND reminder.sent_at IS NULL AND reminder.settled_at IS NULL
      AND NOT reminder.is_muted),
joined AS (
    UPDATE reminders_delivery delivery SET
        next_attempt_at = %(now)s,
        message_id = CASE WHEN EXISTS (SELECT FROM reminders_attempt attempt WHERE attempt.delivery_id = delivery.id)
            THEN gen_random_uuid() || '@' || %(host)s ELSE delivery.message_id END
    WHERE id IN (SELECT waiting_id FROM ready WHERE is_time) AND state = 'waiting'
      AND (leased_until IS NULL OR leased_until < clock_timestamp())
    RETURNING id, recipient, kind),
made AS (
    INSERT INTO reminders_delivery AS delivery (
        recipient, user_id, agency_id, kind, day, state, message_id, address, language, subject, made_at,
        next_attempt_at, attempts_count, server_words)
    SELECT recipient, min(user_id), min(agency_id), CASE WHEN bool_and(is_time) THEN 'digest' ELSE 'urgent' END,
           %(today)s, 'waiting', gen_random_uuid() || '@' || %(host)s, '', '', '', %(now)s, %(now)s, 0, ''
    FROM ready
    WHERE CASE WHEN is_time THEN waiting_id IS NULL ELSE is_urgent END
    GROUP BY recipient
    ON CONFLICT DO NOTHING
    RETURNING id, recipient, kind)
UPDATE reminders_reminder reminder SET delivery_id = mail.id
FROM (SELECT * FROM joined UNION ALL SELECT * FROM made) mail
JOIN ready USING (recipient)
WHERE reminder.id = ready.id AND (mail.kind = 'digest' OR ready.is_urgent)
