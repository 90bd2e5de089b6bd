-- Whether a deal names an owner, where no table of users can confirm it.
SELECT
  owner_id IS NOT NULL AS has_owner
FROM deals
