-- Whether the account of a contact exists, where the table of accounts was supplied.
-- has_account needs supplied: accounts
SELECT
  coalesce(account_id IN (SELECT id FROM accounts WHERE id IS NOT NULL), FALSE) AS has_account
FROM contacts
