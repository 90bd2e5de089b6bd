-- Stages that a won deal visited, and the most changes of stage that people made on it within ten
-- minutes of the day it was closed; both unknown where its history is not whole.
SELECT
  CASE WHEN closing.is_whole THEN closing.visits END AS stages_visited,
  CASE WHEN closing.is_whole THEN closing.together END AS stages_typed_together
FROM deals
LEFT JOIN closing_moves AS closing
  ON closing.row_no = deals.row_no
