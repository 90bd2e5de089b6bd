-- Where a stage stands in its pipeline, by its id and by its name. position counts the open
-- stages from 1 where their order is known. A stage is looked up in the deal's pipeline, or
-- anywhere if it exists once.
WITH placed AS (
  SELECT
    coalesce(pipeline, '') AS pipeline,
    id,
    name,
    coalesce(is_closed, FALSE) OR coalesce(is_won, FALSE) AS is_closing,
    coalesce(is_won, FALSE) AS is_won,
    probability,
    CASE
      WHEN rank IS NOT NULL AND NOT coalesce(is_closed, FALSE) AND NOT coalesce(is_won, FALSE)
        THEN row_number() OVER (
          PARTITION BY pipeline, rank IS NOT NULL AND NOT coalesce(is_closed, FALSE)
            AND NOT coalesce(is_won, FALSE)
          ORDER BY rank, id
        )
    END AS position
  FROM stages
)
SELECT
  pipeline,
  label,
  min(name) AS stage,
  min(position) AS position,
  bool_or(is_closing) AS is_closing,
  bool_or(is_won) AS is_won,
  max(probability) AS probability,
  max(stages) AS stages,
  count(*) OVER (PARTITION BY label) = 1 AS exists_once
FROM (
  SELECT *, unnest([id, name]) AS label, count(position) OVER (PARTITION BY pipeline) AS stages
  FROM placed
)
WHERE label IS NOT NULL
GROUP BY pipeline, label
