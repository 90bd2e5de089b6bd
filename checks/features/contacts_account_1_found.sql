-- Whether the account of a contact exists, where the table of accounts was supplied.
-- has_account needs supplied: accounts
SELECT
  known_account.id IS NOT NULL AS has_account
FROM contacts
LEFT JOIN (SELECT DISTINCT id FROM accounts) AS known_account
  ON known_account.id = contacts.account_id
