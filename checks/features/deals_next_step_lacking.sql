-- Whether nothing says what happens next; a guess where the words of it may stand elsewhere.
-- lacks_next_step doubtful with: unseen_steps
SELECT NOT has_next_step AS lacks_next_step FROM deals
