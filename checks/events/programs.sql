-- Users that are programs: flagged as such by the CRM, or bearing the name of one.
SELECT DISTINCT id AS user_id
FROM users
WHERE id IS NOT NULL
  AND (
    coalesce(is_integration, FALSE)
    OR coalesce(matches(
      fold(name),
      '\b(integration|integrations|automated process|api user|utilisateur api|data ?loader|zapier|pardot|marketo)\b'
    ), FALSE)
  )
