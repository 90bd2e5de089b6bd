-- Whether nobody had to sell a deal: a renewal, an order of a web shop, an import.
-- is_routine_sale doubtful with: unlabelled_sales
SELECT
  routine.row_no IS NOT NULL AS is_routine_sale
FROM deals
LEFT JOIN routine_sales AS routine
  ON routine.row_no = deals.row_no
