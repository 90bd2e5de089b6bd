-- Whether the reason for losing a deal was given in a word that is no reason.
SELECT
  strong_junk(lost_reason) AS lost_reason_is_junk
FROM deals
