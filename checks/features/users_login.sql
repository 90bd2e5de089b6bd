-- Days since a person last logged in; unknown for who never did. Programs that log in under a
-- person's name are nobody.
-- days_since_login needs one of: users.last_login_at, logins.user_id & logins.logged_in_at
-- days_since_login can do without: logins.kind
SELECT
  days_between(greatest(last_login_at, last_login.logged_in_at), $as_of) AS days_since_login
FROM users
LEFT JOIN (
  SELECT user_id, max(logged_in_at) AS logged_in_at
  FROM logins
  WHERE day_of(logged_in_at) <= $as_of AND NOT made_by_program(kind)
  GROUP BY user_id
) AS last_login
  ON last_login.user_id = users.id
