-- By which share the amount of a won deal was changed by people in the week before it was won, the
-- day itself included; 1 where it had none before. Unknown for deals younger than that week, or
-- older than the history of amounts.
-- late_amount_change unknown everywhere: amounts_not_tracked
SELECT
  CASE
    WHEN amounts_kept.since IS NULL THEN NULL
    WHEN state <> 'won' THEN 0
    WHEN won_life.closed_at IS NULL THEN NULL
    WHEN days_between(greatest(day_of(created_at), amounts_kept.since), won_life.closed_at) < 7
      THEN NULL
    WHEN late_amount.row_no IS NULL THEN 0
    WHEN coalesce(late_amount.amount_before, 0) <= 0 THEN 1
    ELSE abs(coalesce(late_amount.amount_after, 0) - late_amount.amount_before)
      / late_amount.amount_before
  END AS late_amount_change,
  late_amount.amount_before AS amount_a_week_before
FROM deals
LEFT JOIN (
  SELECT since FROM tracked WHERE table_name = 'deals' AND field = 'amount'
) AS amounts_kept
  ON TRUE
LEFT JOIN deal_lives AS won_life ON won_life.row_no = deals.row_no
LEFT JOIN (
  SELECT
    moves.row_no,
    arg_min(moves.old_amount, moves.moved_at) AS amount_before,
    arg_max(moves.new_amount, moves.moved_at) AS amount_after
  FROM amount_moves AS moves
  JOIN deal_lives AS lives ON lives.row_no = moves.row_no
  WHERE lives.state = 'won' AND moves.is_human
    AND days_between(moves.moved_at, lives.closed_at) BETWEEN 0 AND 6
  GROUP BY moves.row_no
) AS late_amount
  ON late_amount.row_no = deals.row_no
