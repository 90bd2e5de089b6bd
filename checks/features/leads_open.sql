-- Whether a lead still waits for somebody: neither converted nor closed by its status.
-- is_open_lead needs one of: leads.is_converted, leads.converted_at, leads.status
SELECT
  is_live
  AND NOT coalesce(is_converted, FALSE)
  AND converted_at IS NULL
  AND NOT coalesce(
    matches(
      replace(fold(status), '_', ' '),
      '\b(closed|converted|unqualified|disqualified|not qualified|lost|dead|junk|rejected|ferme|fermee|converti|convertie|perdu|perdue|non qualifie|non qualifiee|disqualifie|disqualifiee|rejete|rejetee|abandonne|abandonnee|sans suite)\b'
    ),
    FALSE
  ) AS is_open_lead
FROM leads
