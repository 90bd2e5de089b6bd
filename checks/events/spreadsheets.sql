-- Spreadsheets on deals that somebody keeps beside the CRM, the first by name of each deal. Left
-- out are templates, which three deals or more carry under one name, and offers, orders and price
-- lists. A name that speaks of pipeline, forecast or follow-up counts however often it is there.
-- needs: attachments.record_id, attachments.name
WITH files AS (
  SELECT
    deals.row_no, attachments.name,
    regexp_replace(
      regexp_replace(fold(attachments.name), '\.[a-z0-9]{2,4}$', ''),
      '[ _-]*(\(\d+\)|copie?|copy|kopie|v\d+)$', ''
    ) AS stem,
    matches(
      fold(attachments.name),
      'pipe|forecast|previs|suivi|tracking|relance|portefeuille|prognose|prevision|seguimiento'
    ) AS is_tracking
  FROM attachments
  JOIN deals ON deals.id = attachments.record_id AND deals.is_live
  WHERE attachments.name IS NOT NULL
    AND matches(
      lower(concat(attachments.name, '.', ltrim(attachments.extension, '.'))),
      '\.(xlsx?|xlsm|xlsb|csv|ods|numbers|gsheet)\.?$'
    )
),
own AS (
  SELECT *
  FROM files
  WHERE is_tracking
    OR NOT coalesce(matches(
      stem,
      'devis|offre|quot(e|ation)|proposal|pricing|price|prix|tarif|angebot|preis|oferta|presupuesto|precio|offerta|preventivo|listino|offerte|prijs|commande|order|facture|invoice|rechnung|bestell|cahier des charges|\brfp\b|\brfq\b|bordereau|\bbpu\b|\bdqe\b'
    ), FALSE)
    AND stem NOT IN (
      SELECT stem FROM files WHERE stem IS NOT NULL GROUP BY stem HAVING count(DISTINCT row_no) >= 3
    )
)
SELECT row_no, min(name) AS name, count(*) AS files FROM own GROUP BY row_no
