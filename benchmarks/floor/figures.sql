-- All figures of a cycle as they stood at an instant: those that its sources printed, and those that agencies reported in its
-- window.
SELECT figure.id, figure.series_id, series.indicator_id, figure.period_kind, figure.begins_on, figure.ends_on,
       figure.is_partial, figure.counted_to, figure.text, figure.value, figure.source_id, figure.recorded_at
FROM indicators_figure figure
JOIN indicators_series series ON series.id = figure.series_id
JOIN recommendations_cycle cycle ON cycle.id = %(cycle)s
LEFT JOIN indicators_source source ON source.id = figure.source_id
WHERE figure.recorded_at < %(before)s::timestamptz
  AND (figure.ended_at IS NULL OR figure.ended_at >= %(before)s::timestamptz)
  AND (source.cycle_id = cycle.id
       OR figure.source_id IS NULL AND figure.begins_on >= cycle.window_start AND figure.ends_on <= cycle.window_end)
ORDER BY figure.series_id, figure.begins_on, figure.ends_on, figure.id
