-- Whether somebody worked on a deal more than a week before it was entered, where no history says
-- in which stage that was. What was done on the lead that became a deal was done on the lead.
-- is_born_late needs one of: activities.deal_id
SELECT
  worked.first_day AS first_activity_on,
  days_between(worked.first_day, created_at) > 7 AS is_born_late
FROM deals
LEFT JOIN worked_deals AS worked ON worked.deal_id = deals.id
