-- Whether a person set the probability or the forecast category of a deal to something else than
-- its stage gives. Who set a probability is read from its history; where that is not kept, from
-- who last changed the deal.
-- forecast_is_overridden needs one of: deals.probability, deals.forecast_category
-- forecast_is_overridden can do without: deals.pipeline, deals.modified_by_id
-- forecast_is_overridden unknown everywhere: no_stage_defaults
-- stage_probability can do without: deals.pipeline
SELECT
  stage_promise.probability AS stage_probability,
  CASE
    WHEN deals.stage IS NOT NULL
      AND (
        (stage_promise.probability IS NOT NULL AND deals.probability IS NOT NULL)
        OR (stage_promise.category IS NOT NULL AND deals.forecast_category IS NOT NULL)
      )
      THEN
        (
          coalesce(abs(deals.probability - stage_promise.probability) > 0.5, FALSE)
          AND CASE
            WHEN probabilities_kept.since IS NOT NULL THEN coalesce(last_setting.is_human, FALSE)
            ELSE coalesce(deals.modified_by_id NOT IN (SELECT user_id FROM programs), TRUE)
          END
        )
        OR (
          coalesce(fold(deals.forecast_category) <> stage_promise.category, FALSE)
          AND coalesce(deals.modified_by_id NOT IN (SELECT user_id FROM programs), TRUE)
        )
  END AS forecast_is_overridden
FROM deals
LEFT JOIN stage_promises AS stage_promise
  ON stage_promise.label = deals.stage
  AND (stage_promise.exists_once OR stage_promise.pipeline = coalesce(deals.pipeline, ''))
LEFT JOIN (
  SELECT since FROM tracked WHERE table_name = 'deals' AND field = 'probability'
) AS probabilities_kept
  ON TRUE
LEFT JOIN (
  SELECT row_no, arg_max(is_human, (changed_at, event_no)) AS is_human
  FROM history
  WHERE table_name = 'deals' AND field = 'probability'
  GROUP BY row_no
) AS last_setting
  ON last_setting.row_no = deals.row_no
