-- Whether a user sells: owns a deal that is open or was closed in the window, still may log in, is
-- no program, and has been there for two months.
SELECT
  coalesce(seller.owner_id IS NOT NULL AND NOT seller.is_new, FALSE) AS is_seller
FROM users
LEFT JOIN reps AS seller ON seller.owner_id = users.id
