-- The terms of checks that name a series in any period, with what agencies reported of them in the periods in question.
SELECT rule.id, rule.code, rule.kind, figure.period_kind, figure.begins_on, figure.ends_on,
       term.side, term.series_id, figure.value, figure.id, figure.text, figure.counted_to
FROM indicators_source source
JOIN indicators_check rule ON rule.source_id = source.id
JOIN indicators_checkterm term ON term.check_of_id = rule.id
LEFT JOIN indicators_figure figure
  ON figure.series_id = term.series_id AND figure.source_id IS NULL AND figure.ended_at IS NULL
 AND figure.begins_on = ANY(%(begins)s)
WHERE source.cycle_id = %(cycle)s AND term.period_kind = '' AND EXISTS (
    SELECT 1 FROM indicators_checkterm own WHERE own.check_of_id = rule.id AND own.series_id = ANY(%(series)s))
ORDER BY source.published_on, source.id, rule.position, rule.id, term.id
