-- Whether anything was logged between the day a won deal was created and the day it was closed;
-- unknown for deals that were not won, closed before they were created, or older than all activities.
-- has_work_logged needs one of: activities.deal_id & activities.happened_at, activities.deal_id & activities.completed_at, activities.deal_id & activities.due_date, activities.deal_id & activities.created_at
-- has_work_logged doubtful with: inbox
SELECT
  work.is_logged AS has_work_logged
FROM deals
LEFT JOIN won_work AS work
  ON work.row_no = deals.row_no
