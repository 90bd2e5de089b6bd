-- A sign that what happens next may be written where the export does not look: no deal has a next step
-- in words. In a CRM that has the column and leaves it empty, it is not in use.
SELECT 'unseen_steps' AS sign
FROM deals
WHERE is_live
HAVING count(*) > 0 AND count(next_step) = 0
