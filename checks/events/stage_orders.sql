-- The open stages of each pipeline, in their order, as one text; none where it is unknown.
-- builds on: stage_positions
SELECT pipeline, string_agg(stage, ' > ' ORDER BY position, stage) AS stages
FROM (SELECT DISTINCT pipeline, stage, position FROM stage_positions WHERE position IS NOT NULL)
GROUP BY pipeline
