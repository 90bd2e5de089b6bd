-- Kinds of deals by pipeline, type and source, and why deals of a kind are not sold: is_labelled,
-- called a renewal or an order of a web shop; is_imported, called an import; is_quick, of a
-- pipeline, a type or a source whose deals are nearly all won within a day. Where some of these are
-- called renewals and many are not, this has to hold for the others alone: the renewals of a source
-- say nothing of how its new customers are won.
WITH counted AS (
  SELECT
    pipeline, type, lead_source,
    count(*) FILTER (days >= 0) AS won,
    count(*) FILTER (days BETWEEN 0 AND 1) AS won_at_once
  FROM (
    SELECT
      pipeline, type, lead_source,
      CASE WHEN state = 'won' THEN days_between(created_at, close_date) END AS days
    FROM deals
    WHERE is_live
  )
  GROUP BY ALL
),
kinds AS (
  SELECT *,
    matches(
      lower(concat_ws(' ', type, pipeline, lead_source)),
      'renew|renouvell|reconduction|tacite|verl[äa]nger|rinnov|renovaci[oó]n|verleng|e-?commerce|web ?-?(shop|order|store)|online ?-?(shop|order|store)|boutique en ligne|commande (web|en ligne)|tienda online|negozio online'
    ) AS is_labelled,
    matches(
      lower(concat_ws(' ', type, pipeline, lead_source)), '\b(import|importe?d?|migration|migrated)\b'
    ) AS is_imported
  FROM counted
),
quick AS (
  SELECT what, kind
  FROM (
    SELECT won, won_at_once, is_labelled OR is_imported AS is_called_so,
      unnest(['pipeline', 'type', 'source']) AS what, unnest([pipeline, type, lead_source]) AS kind
    FROM kinds
  )
  WHERE kind IS NOT NULL
  GROUP BY what, kind
  HAVING sum(won) >= 10 AND sum(won_at_once) * 5 >= sum(won) * 4
    AND (
      coalesce(sum(won) FILTER (NOT is_called_so), 0) * 5 <= sum(won)
      OR sum(won) FILTER (NOT is_called_so) >= 10
      AND sum(won_at_once) FILTER (NOT is_called_so) * 5 >= sum(won) FILTER (NOT is_called_so) * 4
    )
)
SELECT
  pipeline, type, lead_source, is_labelled, is_imported,
  coalesce(pipeline IN (SELECT kind FROM quick WHERE what = 'pipeline'), FALSE)
  OR coalesce(type IN (SELECT kind FROM quick WHERE what = 'type'), FALSE)
  OR coalesce(lead_source IN (SELECT kind FROM quick WHERE what = 'source'), FALSE) AS is_quick
FROM kinds
