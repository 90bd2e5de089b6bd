-- Whether the owner of a deal may still log in; unknown for owners that are not in the table.
SELECT
  owner_login.is_active AS owner_is_active
FROM deals
LEFT JOIN (SELECT id, bool_or(is_active) AS is_active FROM users GROUP BY id) AS owner_login
  ON owner_login.id = deals.owner_id
