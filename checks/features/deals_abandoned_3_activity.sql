-- Whether nobody has done anything on a deal for longer than usual, where nothing tells of plans.
SELECT
  idle_days > greatest(14, least(45, coalesce(3 * usual_gap_days, 30))) AS is_abandoned
FROM deals
