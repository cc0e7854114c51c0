-- Whoever gets a mail now gets all notices that are ready in it, and a mail that still waits takes along what is new.
-- A notice that its reader is marking as read is left for the next run, so that readers wait for nobody. `mail_after`
-- is by the machine's real clock.
-- Where a waiting mail that takes along what is new may have arrived already, it gets another Message-ID: with the old
-- one a reader's program could drop it as a copy.
WITH ready AS MATERIALIZED (
    SELECT notice.id, notice.user_id,
           notice.what = ANY(%(any_hour)s) OR coalesce(nullif(person.place, ''), agency.place) = ANY(%(places)s)
               AS is_time
    FROM reminders_notice notice
    JOIN accounts_user person ON person.id = notice.user_id AND person.is_active
    JOIN accounts_agency agency ON agency.id = person.agency_id
    WHERE notice.delivery_id IS NULL AND notice.read_at IS NULL AND notice.mail_after <= statement_timestamp()
    FOR NO KEY UPDATE OF notice SKIP LOCKED),
person AS (SELECT user_id FROM ready GROUP BY user_id HAVING bool_or(is_time)),
joined AS (
    UPDATE reminders_delivery delivery SET
        next_attempt_at = %(now)s,
        message_id = CASE WHEN EXISTS (SELECT FROM reminders_attempt attempt WHERE attempt.delivery_id = delivery.id)
            THEN gen_random_uuid() || '@' || %(host)s ELSE delivery.message_id END
    WHERE id IN (
        SELECT max(id) FROM reminders_delivery
        WHERE user_id IN (SELECT user_id FROM person) AND kind = 'news' AND state = 'waiting'
        GROUP BY user_id)
      AND state = 'waiting' AND (leased_until IS NULL OR leased_until < clock_timestamp())
    RETURNING id, user_id),
made AS (
    INSERT INTO reminders_delivery (
        recipient, user_id, kind, day, state, message_id, address, language, subject, made_at, next_attempt_at,
        attempts_count, server_words)
    SELECT 'person:' || user_id, user_id, 'news', %(today)s, 'waiting', gen_random_uuid() || '@' || %(host)s,
           '', '', '', %(now)s, %(now)s, 0, ''
    FROM person
    WHERE user_id NOT IN (SELECT user_id FROM joined)
    RETURNING id, user_id)
UPDATE reminders_notice notice SET delivery_id = mail.id
FROM (SELECT * FROM joined UNION ALL SELECT * FROM made) mail
JOIN ready USING (user_id)
WHERE notice.id = ready.id
