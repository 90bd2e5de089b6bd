-- Whether nobody plans anything on a deal, or nobody has done anything for longer than usual:
-- three times the gap between two activities of a won deal, within 14 and 45 days, 30 if unknown.
SELECT
  NOT has_next_step
  OR coalesce(idle_days > greatest(14, least(45, coalesce(3 * usual_gap_days, 30))), FALSE)
    AS is_abandoned
FROM deals
