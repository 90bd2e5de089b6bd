-- Whether an account won a deal in the window, and whether somebody there can be written to or
-- called: a contact of the account, or of one of its deals.
-- has_reachable_contact needs one of: contacts.email, contacts.phone, contacts.mobile
-- has_reachable_contact can do without: deals.contact_id, deals.account_id
SELECT
  winner.account_id IS NOT NULL AS has_won_deal,
  reached.account_id IS NOT NULL AS has_reachable_contact
FROM accounts
LEFT JOIN (
  SELECT DISTINCT account_id
  FROM deals
  WHERE is_live AND state = 'won' AND close_date BETWEEN $window_start AND $as_of
) AS winner
  ON winner.account_id = accounts.id
LEFT JOIN (
  SELECT contacts.account_id
  FROM contacts
  WHERE contacts.is_live
    AND (is_filled(contacts.email) OR is_filled(contacts.phone) OR is_filled(contacts.mobile))
  UNION
  SELECT deals.account_id
  FROM deals
  JOIN contacts ON contacts.id = deals.contact_id
  WHERE contacts.is_live AND deals.is_live
    AND (is_filled(contacts.email) OR is_filled(contacts.phone) OR is_filled(contacts.mobile))
) AS reached
  ON reached.account_id = accounts.id
