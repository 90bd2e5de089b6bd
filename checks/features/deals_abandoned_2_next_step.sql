-- Whether nobody plans anything on a deal, where nothing tells when somebody last did something.
SELECT
  NOT has_next_step AS is_abandoned
FROM deals
