-- Deals on which people did something, by their id. first_day: when they began, apart from what was
-- done on the lead that became the deal.
-- needs: activities.deal_id
-- builds on: human_activities
SELECT deal_id, min(happened_day) FILTER (lead_id IS NULL) AS first_day
FROM human_activities
WHERE deal_id IS NOT NULL
GROUP BY deal_id
