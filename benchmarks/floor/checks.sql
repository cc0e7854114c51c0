-- All checks of a cycle in one pass: the sums of both sides, by check, giver and period, where every term has its figure.
SELECT term.check_of_id, figure.source_id,
       CASE WHEN term.period_kind = '' THEN figure.period_kind END,
       CASE WHEN term.period_kind = '' THEN figure.begins_on END,
       CASE WHEN term.period_kind = '' THEN figure.ends_on END,
       sum(figure.value) FILTER (WHERE term.side = 'left'),
       sum(figure.value) FILTER (WHERE term.side = 'right'),
       array_agg(figure.id)
FROM indicators_source source
JOIN recommendations_cycle cycle ON cycle.id = source.cycle_id
JOIN indicators_check rule ON rule.source_id = source.id
JOIN indicators_checkterm term ON term.check_of_id = rule.id
JOIN indicators_figure figure ON figure.series_id = term.series_id
WHERE source.cycle_id = %(cycle)s
  AND figure.recorded_at < %(before)s::timestamptz
  AND (figure.ended_at IS NULL OR figure.ended_at >= %(before)s::timestamptz)
  AND CASE
      WHEN term.period_kind <> '' THEN
          figure.source_id = source.id AND figure.period_kind = term.period_kind
          AND figure.begins_on IS NOT DISTINCT FROM term.begins_on AND figure.ends_on IS NOT DISTINCT FROM term.ends_on
      ELSE figure.source_id = source.id
           OR (figure.source_id IS NULL AND figure.begins_on >= cycle.window_start AND figure.ends_on <= cycle.window_end)
      END
GROUP BY 1, 2, 3, 4, 5
HAVING count(*) = (SELECT count(*) FROM indicators_checkterm whole WHERE whole.check_of_id = term.check_of_id)
