-- Whether a lead names an owner, person or queue.
SELECT
  owner_id IS NOT NULL AS has_owner
FROM leads
