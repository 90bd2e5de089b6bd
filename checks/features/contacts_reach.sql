-- Whether a contact can be written to or called.
-- is_reachable needs one of: contacts.email, contacts.phone, contacts.mobile
SELECT
  coalesce(filled(email), filled(phone), filled(mobile)) IS NOT NULL AS is_reachable
FROM contacts
