-- Whether the owner of a deal exists, where the table of users was supplied.
-- has_owner needs supplied: users
SELECT
  known_owner.id IS NOT NULL AS has_owner
FROM deals
LEFT JOIN (SELECT DISTINCT id FROM users) AS known_owner
  ON known_owner.id = deals.owner_id
