-- When people edited a deal, or did something on it, since the first week of deal_edits began.
-- builds on: deal_edits, deal_lives, human_activities
SELECT row_no, local_at AS touched_at FROM deal_edits
UNION ALL
SELECT deal_lives.row_no, local_time(done.happened_at)
FROM human_activities AS done
JOIN deal_lives ON deal_lives.deal_id = done.deal_id
WHERE done.happened_at >= (SELECT min(local_at) - INTERVAL 9 DAY FROM deal_edits)
