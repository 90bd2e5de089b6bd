-- Whether somebody worked on a deal more than a week before it was entered, where no history says
-- in which stage that was. What was done on the lead that became a deal was done on the lead.
-- is_born_late needs one of: activities.deal_id
SELECT
  first_work.day AS first_activity_on,
  days_between(first_work.day, created_at) > 7 AS is_born_late
FROM deals
LEFT JOIN (
  SELECT deal_id, min(happened_day) AS day
  FROM human_activities
  WHERE deal_id IS NOT NULL AND lead_id IS NULL
  GROUP BY deal_id
) AS first_work
  ON first_work.deal_id = deals.id
