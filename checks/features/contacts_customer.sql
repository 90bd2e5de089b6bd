-- Whether a contact works for a customer: an account with an open deal, or a win in two years.
-- is_of_customer can do without: deals.close_date
SELECT
  customer.account_id IS NOT NULL AS is_of_customer
FROM contacts
LEFT JOIN (
  SELECT DISTINCT account_id
  FROM deals
  WHERE is_live AND account_id IS NOT NULL
    AND (state = 'open' OR state = 'won' AND close_date BETWEEN months_before($as_of, 24) AND $as_of)
) AS customer
  ON customer.account_id = contacts.account_id
