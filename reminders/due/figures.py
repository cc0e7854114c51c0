"""What agencies owe of figures, month by month, and what waits of them: parts of the statement in `due.sql`.

A month has the agency and the cycle as its key, so no row of a reminder points to a report.
"""

from indicators.queries.owed_months import NEWEST_VERSION, OWED_MONTHS


def local_day(column: str) -> str:
    """Return the day of an instant in Kuala Lumpur, in SQL."""
    return f"({column} AT TIME ZONE 'Asia/Kuala_Lumpur')::date"


def belonged_at(sent_at: str) -> str:
    """Return the condition in SQL that somebody of `mapo` belonged to the agency of a matter when it was sent.

    It is `PastQuerySet.touching`, which says why both ends of a posting count.
    """
    return f"""EXISTS (
              SELECT FROM accounts_posting posting
              WHERE posting.user_id = mapo.id AND posting.agency_id = about_id AND posting.began_at <= {sent_at}
                AND (posting.ended_at IS NULL OR posting.ended_at >= {sent_at}))"""


#: The months that are owed, and `reported` are the reports that wait or came back, with their newest version, the day of
#: the return, and the highest class of the documents that it cites.
FIGURES = f"""
{OWED_MONTHS},
reported AS (
    SELECT report.cycle_id, report.agency_id, report.month, report.state, version.id AS version_id,
           {local_day("report.submitted_at")} AS sent_on, {local_day("returned.at")} AS returned_on,
           coalesce(cited.class, 0) AS class
    FROM indicators_figurereport report
    JOIN recommendations_cycle cycle ON cycle.id = report.cycle_id AND cycle.closed_at IS NULL
    {NEWEST_VERSION}
    CROSS JOIN LATERAL (
        SELECT max(decision.decided_at) AS at
        FROM indicators_figuredecision decision
        JOIN indicators_sentfigure sent ON sent.id = decision.sent_id
        WHERE sent.submission_id = version.id) returned
    CROSS JOIN LATERAL (
        SELECT max(document.classification) AS class
        FROM indicators_figuresubmissiondocument link
        JOIN evidence_document document ON document.id = link.document_id
        WHERE link.submission_id = version.id AND document.stored_name <> '') cited
    WHERE report.state IN ('submitted', 'returned'))"""  # noqa: S608 - the words are ours

#: The matters of figures, as branches of the relation `dues`.
FIGURE_DUES = """    UNION ALL
    SELECT 'figures_due', 'figures_due:' || cycle_id || '.' || agency_id || '.' || to_char(month, 'YYYYMM'), owed_on,
           cycle_id, agency_id, NULL, NULL, NULL, NULL, NULL, month
    FROM owed_months
    UNION ALL
    SELECT 'figures_returned', 'figures_returned:' || version_id, returned_on, cycle_id, agency_id,
           NULL, NULL, NULL, NULL, class, month
    FROM reported
    WHERE state = 'returned'
    UNION ALL
    SELECT 'figures_waiting', 'figures_waiting:' || version_id, sent_on, cycle_id, agency_id,
           NULL, NULL, NULL, NULL, class, month
    FROM reported
    WHERE state = 'submitted'"""

#: The condition that somebody of `mapo` may decide on the figures that a row of `told` is about, if it is about any: who
#: typed or sent them may not, nor who belonged to the agency when they were sent.
MAY_DECIDE_FIGURES = f"""(month IS NULL OR NOT EXISTS (
              SELECT FROM indicators_figurereport report
              WHERE report.agency_id = about_id AND report.cycle_id = told.cycle_id AND report.month = told.month
                AND report.state = 'submitted' AND (
                  EXISTS (SELECT FROM indicators_figurereportwriter writer
                          WHERE writer.report_id = report.id AND writer.user_id = mapo.id)
                  OR {belonged_at("report.submitted_at")})))"""  # noqa: S608 - the words are ours
