-- Whether a contact names an account, where no table of accounts can confirm it.
SELECT
  account_id IS NOT NULL AS has_account
FROM contacts
