-- Who changed which field of a live record, up to the day of the audit. A row that does not say
-- what stood there before follows the one before it.
-- is_creating: in the minute that made the record.
-- is_human: by no program, from no import, calculation or workflow, and not with 20 records or
-- more in one second. is_stamped: the moment is known, not only two exports between which it lies.
-- needs: field_history.record_id, field_history.field, field_history.changed_at
-- builds on: programs, records, mass_changes
WITH
-- Most histories say what stood there before; what they do not say is sorted for, and no more.
followed AS (
  SELECT row_no,
    lag(new_value) OVER (
      PARTITION BY table_name, record_id, field ORDER BY changed_at, row_no
    ) AS old_value
  FROM field_history
  WHERE day_of(changed_at) <= $as_of
    AND (record_id, field) IN (SELECT (record_id, field) FROM field_history WHERE old_value IS NULL)
)
SELECT
  records.table_name,
  records.row_no,
  written.field,
  coalesce(written.old_value, followed.old_value) AS old_value,
  written.new_value,
  written.changed_at,
  local_time(written.changed_at) AS local_at,
  written.user_id,
  written.row_no AS event_no,
  written.changed_at < records.created_at + INTERVAL 1 MINUTE AS is_creating,
  programs.user_id IS NULL
    AND mass_changes.user_id IS NULL
    AND NOT made_by_program(written.source) AS is_human,
  written.source IS DISTINCT FROM 'export_diff' AS is_stamped
FROM field_history AS written
JOIN records
  ON records.table_name = coalesce(written.table_name, 'deals')
  AND records.record_id = written.record_id
LEFT JOIN followed ON followed.row_no = written.row_no
LEFT JOIN programs ON programs.user_id = written.user_id
LEFT JOIN mass_changes
  ON mass_changes.user_id = written.user_id
  AND mass_changes.changed_second = date_trunc('second', written.changed_at)
WHERE written.field IS NOT NULL AND day_of(written.changed_at) <= $as_of
