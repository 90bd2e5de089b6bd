-- What people did, up to the day of the audit: calls, meetings, mails, notes and finished tasks.
-- Open tasks are plans. Archived activities were done all the same.
-- Mail that a connected mailbox logged by itself was written by a person too.
-- is_manual: typed in by hand: not logged by a program, and no mail filed as it was sent.
-- needs: activities.id
-- builds on: programs
SELECT
  row_no, lower(kind) AS kind, deal_id, account_id, contact_id, lead_id,
  owner_id, coalesce(created_by_id, owner_id) AS user_id,
  coalesce(happened_at, completed_at, cast(due_date AS TIMESTAMP), created_at) AS happened_at,
  coalesce(day_of(happened_at), day_of(completed_at), due_date, day_of(created_at)) AS happened_day,
  created_at AS logged_at,
  NOT logged_by_program(source)
    AND NOT coalesce(
      lower(kind) = 'email' AND abs(date_diff('second', happened_at, created_at)) < 300, FALSE
    ) AS is_manual
FROM activities
WHERE NOT coalesce(is_deleted, FALSE)
  AND NOT (coalesce(lower(kind), '') = 'task' AND NOT coalesce(is_closed, TRUE))
  AND NOT done_by_program(source)
  AND coalesce(created_by_id, owner_id, '') NOT IN (SELECT user_id FROM programs)
  AND coalesce(day_of(happened_at), day_of(completed_at), due_date, day_of(created_at)) <= $as_of
