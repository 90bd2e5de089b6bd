-- Every stage that a live deal stands in or went through, as written, with its place in the
-- pipeline. Stages go by the number of their place until all is in order: texts are slow to sort,
-- and to carry along. stage_no: one number for all that one stage is called.
-- builds on: history, stage_positions
SELECT
  cast(row_number() OVER (ORDER BY named.pipeline, named.label) AS INTEGER) AS place,
  named.pipeline,
  named.label,
  cast(dense_rank() OVER (ORDER BY coalesce(placed.stage, named.label)) AS INTEGER) AS stage_no,
  coalesce(placed.stage, named.label) AS stage,
  CASE WHEN NOT placed.is_closing THEN placed.position END AS position,
  placed.stages,
  coalesce(placed.is_closing, FALSE) AS is_closing,
  coalesce(placed.is_won, FALSE) AS is_winning
FROM (
  SELECT pipeline, stage AS label FROM deals WHERE is_live AND stage IS NOT NULL
  UNION
  SELECT DISTINCT pipeline, unnest([old_value, new_value]) AS label
  FROM (
    SELECT DISTINCT deals.pipeline, old_value, new_value
    FROM history
    JOIN deals USING (row_no)
    WHERE table_name = 'deals' AND field = 'stage'
  )
) AS named
LEFT JOIN stage_positions AS placed
  ON placed.label = named.label
  AND (placed.exists_once OR placed.pipeline = named.pipeline)
WHERE named.label IS NOT NULL
