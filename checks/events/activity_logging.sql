-- Whether this organisation logs what it does: on three won deals of ten or more. Where it does
-- not, silence says nothing. No row where nothing was won.
-- needs: activities.deal_id
WITH won AS (
  SELECT id FROM deals WHERE is_live AND state = 'won'
),
logged AS (
  SELECT count(*) AS deals
  FROM won
  WHERE id IN (SELECT deal_id FROM activities WHERE deal_id IS NOT NULL)
)
SELECT any_value(logged.deals) * 10 >= count(*) * 3 AS is_usual
FROM won
CROSS JOIN logged
HAVING count(*) > 0
