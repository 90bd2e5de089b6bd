-- Whether the owner of a deal exists, where the table of users was supplied.
-- has_owner needs supplied: users
SELECT
  coalesce(owner_id IN (SELECT id FROM users WHERE id IS NOT NULL), FALSE) AS has_owner
FROM deals
