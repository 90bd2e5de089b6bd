-- Since which day the history of a field is kept, as far as the export shows.
SELECT coalesce(table_name, 'deals') AS table_name, field, day_of(min(changed_at)) AS since
FROM field_history
WHERE field IS NOT NULL AND changed_at IS NOT NULL
GROUP BY 1, 2
