-- Whether a contact can be written to or called.
-- is_reachable needs one of: contacts.email, contacts.phone, contacts.mobile
SELECT
  is_filled(email) OR is_filled(phone) OR is_filled(mobile) AS is_reachable
FROM contacts
