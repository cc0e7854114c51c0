-- Takes the lease on the next mails that are due, by the database's real clock.
UPDATE reminders_delivery SET leased_until = statement_timestamp() + make_interval(secs => %(lease)s)
WHERE id IN (
    SELECT delivery.id
    FROM reminders_delivery delivery
    LEFT JOIN accounts_user person ON person.id = delivery.user_id
    JOIN accounts_agency agency ON agency.id = coalesce(person.agency_id, delivery.agency_id)
    LEFT JOIN reminders_preference preference ON preference.user_id = delivery.user_id
    WHERE delivery.state = 'waiting' AND delivery.next_attempt_at <= %(now)s
      AND (delivery.kind <> 'digest' OR delivery.day = %(today)s
           OR coalesce(preference.hour, %(default_hour)s) <= %(hour)s)
      AND (delivery.leased_until IS NULL OR delivery.leased_until < statement_timestamp())
      AND (coalesce(nullif(person.place, ''), agency.place) = ANY(%(places)s)
           OR (delivery.kind = 'news' AND EXISTS (
               SELECT FROM reminders_notice notice
               WHERE notice.delivery_id = delivery.id AND notice.what = ANY(%(any_hour)s))))
    ORDER BY delivery.next_attempt_at, delivery.id
    LIMIT %(limit)s
    FOR UPDATE OF delivery SKIP LOCKED)
RETURNING id, leased_until
