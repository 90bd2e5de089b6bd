-- Whether nobody had to sell a deal: a renewal, an order of a web shop, an import; and whether it
-- is called a renewal or an order.
-- is_routine_sale doubtful with: unlabelled_sales
-- is_renewal_or_order doubtful with: unlabelled_sales
SELECT
  routine.row_no IS NOT NULL AS is_routine_sale,
  labelled.row_no IS NOT NULL AS is_renewal_or_order
FROM deals
LEFT JOIN routine_sales AS routine
  ON routine.row_no = deals.row_no
LEFT JOIN labelled_sales AS labelled
  ON labelled.row_no = deals.row_no
