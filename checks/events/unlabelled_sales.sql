-- A sign that renewals and orders of a web shop cannot be told from deals that were sold: no deal
-- bears a pipeline, a type or a source.
SELECT 'unlabelled_sales' AS sign
FROM deals
WHERE is_live
HAVING count(*) > 0 AND count(pipeline) + count(type) + count(lead_source) = 0
