-- Whether a deal carries a spreadsheet of somebody's own, and its name.
SELECT
  own.row_no IS NOT NULL AS has_own_spreadsheet,
  own.name AS spreadsheet
FROM deals
LEFT JOIN spreadsheets AS own
  ON own.row_no = deals.row_no
