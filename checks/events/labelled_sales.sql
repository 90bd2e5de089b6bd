-- Deals whose pipeline, type or source calls them a renewal or an order of a web shop.
SELECT row_no
FROM deals
WHERE is_live AND matches(
  lower(concat_ws(' ', type, pipeline, lead_source)),
  'renew|renouvell|reconduction|tacite|verl[äa]nger|rinnov|renovaci[oó]n|verleng|e-?commerce|web ?-?(shop|order|store)|online ?-?(shop|order|store)|boutique en ligne|commande (web|en ligne)|tienda online|negozio online'
)
