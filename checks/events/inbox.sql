-- Signs that mail and meetings are captured where an export does not show them: by Einstein
-- Activity Capture or a connected inbox. "Nothing was done" is then only "nothing is to be seen".
-- One row a sign: a user or an origin that bears the name of a capture, mail that HubSpot took from
-- a connected inbox, of which it logs replies and what the writer ticked and no other mail, or deals
-- on which the CRM knows of a later activity than the rows show.
SELECT 'capturing_user' AS sign
FROM users
WHERE matches(fold(name), '\b(einstein|activity capture|revenue inbox|salesforce inbox|cirrus insight|riva sync)\b')
HAVING count(*) > 0
UNION ALL
SELECT 'captured_activity'
FROM activities
WHERE matches(lower(source), 'einstein|capture|connected.?inbox')
HAVING count(*) > 0
UNION ALL
SELECT 'connected_inbox'
FROM activities
WHERE NOT coalesce(is_deleted, FALSE)
  AND matches(source, '^(EMAIL|EMAIL_INTEGRATION|GMAIL_INTEGRATION|EMAIL_INBOX_IMPORT|CONNECTED_ACCOUNT)$')
HAVING count(*) >= 20
UNION ALL
SELECT 'later_activity'
FROM deals
LEFT JOIN (
  SELECT deal_id, max(coalesce(day_of(happened_at), day_of(completed_at), due_date, day_of(created_at)))
    AS last_day
  FROM activities
  WHERE NOT coalesce(is_deleted, FALSE)
  GROUP BY deal_id
) AS seen ON seen.deal_id = deals.id
WHERE is_live AND day_of(last_activity_at) <= $as_of AND EXISTS (SELECT 1 FROM activities)
HAVING count(*) >= 20
  AND count(*) FILTER (coalesce(days_between(seen.last_day, last_activity_at) > 1, TRUE)) * 5
    >= count(*)
