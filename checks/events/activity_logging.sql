-- Whether this organisation logs what it does: on three won deals of ten or more. Where it does
-- not, silence says nothing. No row where nothing was won.
-- needs: activities.deal_id
SELECT
  count(*) FILTER (WHERE id IN (SELECT deal_id FROM activities WHERE deal_id IS NOT NULL)) * 10
    >= count(*) * 3 AS is_usual
FROM deals
WHERE is_live AND state = 'won'
HAVING count(*) > 0
