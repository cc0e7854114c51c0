-- Each of these figures, and before one that MAPO gave without a decision what it replaced, back to one that was decided.
WITH RECURSIVE told AS (
    SELECT id AS figure_id, id AS given_id, replaces_id FROM indicators_figure WHERE id = ANY(%(figures)s)
    UNION ALL
    SELECT told.figure_id, earlier.id, earlier.replaces_id
    FROM told JOIN indicators_figure earlier ON earlier.id = told.replaces_id
    WHERE NOT EXISTS (SELECT FROM indicators_figuredecision own WHERE own.figure_id = told.given_id)
)
SELECT figure_id, given_id FROM told
