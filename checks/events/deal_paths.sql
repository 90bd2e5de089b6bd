-- Through which open stages a deal went that was closed in the window, and how often a person
-- took it back to an earlier one.
-- is_whole: its history is kept since it was created, so that no visit is missing.
-- is_sold: it went through somebody's hands: no renewal, no order of a web shop, no import.
-- builds on: stage_visits, programs
WITH closed AS (
  SELECT
    row_no, id, owner_id, state, coalesce(pipeline, '') AS pipeline,
    NOT coalesce(
      matches(
        fold(concat_ws(' ', type, pipeline, lead_source)),
        'renew|renouvell|reconduction|e-?commerce|web ?(shop|order|store)|online (shop|order|store)|boutique en ligne|commande (web|en ligne)|\b(import|migration)'
      ),
      FALSE
    )
    AND coalesce(created_by_id NOT IN (SELECT user_id FROM programs), TRUE)
    AND (
      created_by_id IS NULL
      OR count(*) OVER (PARTITION BY created_by_id, date_trunc('second', created_at)) < 20
    ) AS is_sold
  FROM deals
  WHERE is_live AND state IN ('won', 'lost')
    AND coalesce(
      greatest(day_of(created_at), day_of(modified_at), close_date) >= $window_start, TRUE
    )
),
backward AS (
  SELECT deal_id, count(*) FILTER (came_back AND is_human) AS moves_back
  FROM (
    SELECT deal_id, is_human,
      lag(leaving) OVER (PARTITION BY deal_id ORDER BY visit_no) = 'back' AS came_back
    FROM stage_visits
    WHERE deal_id IN (SELECT deal_id FROM stage_visits WHERE leaving = 'back')
  )
  GROUP BY deal_id
),
visited AS (
  SELECT
    row_no,
    min(deal_id) AS deal_id,
    list(stage) FILTER (NOT is_closing) AS stages,
    bool_and(is_entry_known) AS is_whole
  FROM stage_visits
  WHERE row_no IN (SELECT row_no FROM closed)
  GROUP BY row_no
)
SELECT
  closed.row_no, closed.id AS record_id, closed.owner_id, closed.pipeline, closed.state,
  coalesce(visited.stages, []) AS stages, visited.is_whole, closed.is_sold,
  coalesce(backward.moves_back, 0) AS moves_back
FROM closed
JOIN visited USING (row_no)
LEFT JOIN backward ON backward.deal_id = visited.deal_id
