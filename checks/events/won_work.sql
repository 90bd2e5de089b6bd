-- Won deals that the activities of the export reach back to, and whether anything was logged between
-- the day they were created and the day they were closed: on the deal, or on its account or main
-- contact without naming another deal.
-- needs: deals.created_at, deals.close_date
-- builds on: human_activities
WITH won AS (
  SELECT row_no, id, account_id, contact_id, day_of(created_at) AS created_day,
    closing_day(created_at, close_date, stage_changed_at, $as_of) AS closed_day
  FROM deals
  WHERE is_live AND state = 'won' AND closed_day >= created_day
    AND closed_day >= (SELECT min(happened_day) FROM human_activities)
),
on_deal AS (
  SELECT DISTINCT won.row_no
  FROM won
  JOIN human_activities AS done
    ON done.deal_id = won.id AND done.happened_day BETWEEN won.created_day AND won.closed_day
),
places AS (
  SELECT row_no, created_day, closed_day, unnest(['account ' || account_id, 'contact ' || contact_id])
    AS place
  FROM won
  WHERE row_no NOT IN (SELECT row_no FROM on_deal)
),
beside AS (
  SELECT DISTINCT unnest(['account ' || account_id, 'contact ' || contact_id]) AS place, happened_day
  FROM human_activities
  WHERE deal_id IS NULL
)
SELECT won.row_no, on_deal.row_no IS NOT NULL OR near.row_no IS NOT NULL AS is_logged
FROM won
LEFT JOIN on_deal USING (row_no)
LEFT JOIN (
  SELECT DISTINCT places.row_no
  FROM places
  ASOF JOIN beside ON beside.place = places.place AND places.closed_day >= beside.happened_day
  WHERE beside.happened_day >= places.created_day
) AS near USING (row_no)
