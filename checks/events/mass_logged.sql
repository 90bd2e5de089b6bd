-- Activities that were brought in, not written: 20 or more by one user in one second. Stamps
-- that are only days say nothing about seconds.
SELECT row_no
FROM activities
WHERE created_at IS NOT NULL AND cast(created_at AS TIME) <> TIME '00:00:00'
QUALIFY count(*) OVER (
  PARTITION BY coalesce(created_by_id, owner_id, ''), date_trunc('second', created_at)
) >= 20
