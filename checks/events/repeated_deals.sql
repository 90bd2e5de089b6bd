-- Live deals whose id an earlier one bears already: what happened to a deal is told of the first.
SELECT row_no
FROM deals
WHERE is_live AND id IN (SELECT id FROM deals WHERE is_live GROUP BY id HAVING count(*) > 1)
QUALIFY row_number() OVER (PARTITION BY id ORDER BY row_no) > 1
