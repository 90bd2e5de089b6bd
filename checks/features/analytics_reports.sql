-- Whether a report or dashboard is about what is being sold and what will come of it, and whether
-- somebody who is still there made it or changed it last.
-- is_cared_for needs one of: analytics.owner_id & users.is_active, analytics.modified_by_id & users.is_active
-- is_cared_for can do without: users.id, users.is_integration
-- is_about_pipeline can do without: analytics.folder
SELECT
  coalesce(
    matches(
      fold(concat_ws(' ', name, folder)),
      '\b(pipe|pipeline|follow ?-?ups?|relances?|pilotage|pipelines|forecast|forecasts|forecasting|opportunity|opportunities|deals?|sales funnel|closing|prevision|previsions|previsionnel|previsionnelle|affaires?|opportunites?|portefeuille|prognose|verkaufschancen|pronostico|oportunidades|oportunidad|previsione|previsioni|opportunita|prognoses|verkoopkansen)\b'
    ),
    FALSE
  ) AS is_about_pipeline,
  coalesce(report_owner.is_active, FALSE) OR coalesce(report_editor.is_active, FALSE) AS is_cared_for
FROM analytics
LEFT JOIN (
  SELECT id, bool_or(is_active AND NOT coalesce(is_integration, FALSE)) AS is_active
  FROM users
  GROUP BY id
) AS report_owner
  ON report_owner.id = analytics.owner_id
LEFT JOIN (
  SELECT id, bool_or(is_active AND NOT coalesce(is_integration, FALSE)) AS is_active
  FROM users
  GROUP BY id
) AS report_editor
  ON report_editor.id = analytics.modified_by_id
