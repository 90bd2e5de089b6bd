-- Whether the account of a deal exists, where the table of accounts was supplied.
-- has_account needs supplied: accounts
SELECT
  known_account.id IS NOT NULL AS has_account
FROM deals
LEFT JOIN (SELECT DISTINCT id FROM accounts) AS known_account
  ON known_account.id = deals.account_id
