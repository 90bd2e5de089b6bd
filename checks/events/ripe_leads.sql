-- Leads of reps of some tenure that had 60 days to be converted, with where they came from as
-- stratum: those of two windows, as a definition ages less than a record.
-- is_soon: converted within the time that half of the converted ones took.
-- needs: leads.is_converted, leads.created_at, leads.owner_id
-- builds on: reps
WITH ripe AS (
  SELECT
    row_no, owner_id AS rep, coalesce(is_converted, FALSE) AS is_converted,
    CASE WHEN count(*) OVER (PARTITION BY lead_source) >= 30 THEN lead_source END AS stratum,
    CASE WHEN is_converted AND converted_at >= created_at
      THEN days_between(created_at, converted_at) END AS days
  FROM leads
  WHERE is_live AND owner_id IN (SELECT owner_id FROM reps WHERE NOT is_new)
    AND day_of(created_at) BETWEEN
      CAST($window_start AS DATE)
      - CAST(CAST($as_of AS DATE) - CAST($window_start AS DATE) AS INTEGER)
      AND CAST($as_of AS DATE) - 60
)
SELECT row_no, rep, coalesce(stratum, '') AS stratum, is_converted,
  days <= median(days) OVER () AS is_soon
FROM ripe
