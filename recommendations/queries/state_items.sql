-- The items of a cycle that carry a state, as recorded before an instant, with the dates of the cycle, which come alone where
-- it has no item: this saves one query. A version holds that began before the instant and had not ended by then.
SELECT dates.window_start, dates.window_end, dates.interim_on, dates.submission_on, dates.cadence_days,
       dates.due_soon_days, dates.stale_after_days, dates.submission_source_ms, dates.submission_source_en,
       dates.tier_before_ms, dates.tier_before_en, dates.tier_after_ms, dates.tier_after_en,
       item.id, item.kind, item.number, item.text_ms, item.text_en, item.title_ms, item.title_en, item.pillar,
       ARRAY(SELECT link.answer_id
             FROM recommendations_itemlinkversion link
             WHERE link.weakness_id = item.id AND link.began_at < %(before)s::timestamptz
               AND (link.ended_at IS NULL OR link.ended_at >= %(before)s::timestamptz)
             ORDER BY link.answer_id) AS answer_ids,
       override.status, override.percent, override.reason, override.set_at,
       (SELECT event.actor_name FROM audit_event event
        WHERE event.object_type = 'recommendations.ItemOverride' AND event.object_id = override.id::text
        ORDER BY event.id LIMIT 1) AS set_by,
       item.divergence_ms, item.divergence_en
FROM recommendations_cycleversion dates
LEFT JOIN (
    SELECT item.cycle_id, item.id, item.kind, item.number, version.text_ms, version.text_en, version.title_ms,
           version.title_en, version.pillar, version.divergence_ms, version.divergence_en
    FROM recommendations_item item
    JOIN recommendations_itemversion version ON version.item_id = item.id
    WHERE item.kind <> 'achievement' AND version.began_at < %(before)s::timestamptz
      AND (version.ended_at IS NULL OR version.ended_at >= %(before)s::timestamptz)) item
    ON item.cycle_id = dates.cycle_id
LEFT JOIN recommendations_itemoverride override
    ON override.item_id = item.id AND override.set_at < %(before)s::timestamptz
    AND (override.ended_at IS NULL OR override.ended_at >= %(before)s::timestamptz)
WHERE dates.cycle_id = %(cycle)s AND dates.began_at < %(before)s::timestamptz
  AND (dates.ended_at IS NULL OR dates.ended_at >= %(before)s::timestamptz)
ORDER BY array_position(ARRAY['recommendation', 'weakness'], item.kind::text), item.number
