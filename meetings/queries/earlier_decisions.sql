-- Decisions that stood at the end of the day, each with its step as it was then: those that are open, and those whose step
-- changed after the day since which changes are told. A decision for MAPO itself has no agency.
SELECT decision.id, meeting.number, decision.item_id, coalesce(agency.code, 'MAPO'), version.text, version.due_on,
       version.done_on, version.cancelled_at, version.cancelled_reason
FROM meetings_meeting meeting
JOIN meetings_meetingdecision decision ON decision.meeting_id = meeting.id
JOIN recommendations_actionversion version
    ON version.action_id = decision.action_id
   AND version.began_at < %(before)s AND (version.ended_at IS NULL OR version.ended_at >= %(before)s)
LEFT JOIN accounts_agencyversion agency
    ON agency.agency_id = decision.agency_id
   AND agency.began_at < %(before)s AND (agency.ended_at IS NULL OR agency.ended_at >= %(before)s)
WHERE meeting.cycle_id = %(cycle)s AND meeting.id <> %(meeting)s AND meeting.meets_on <= %(meets_on)s
  AND decision.recorded_at < %(before)s AND (decision.ended_at IS NULL OR decision.ended_at >= %(before)s)
  AND (version.done_on IS NULL AND version.cancelled_at IS NULL OR version.began_at >= %(since)s)
ORDER BY meeting.meets_on, meeting.id, decision.number, decision.id
