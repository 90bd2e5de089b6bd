select format('001{:012d}AAA', i) as "Id",
  ['Fromagerie','Laiterie','Brasserie','Clinique','Garage','Imprimerie'][1 + pick(i, 6, 1)] || ' ' ||
    ['Aubeterre','Bellegarde','Dourdan','Lormont','Nérac','Oloron','Uzerche'][1 + pick(i, 7, 2)] || ' ' ||
    upper(to_base(pick(i, 1000000000, 3), 36)) || if(odds(i, 50, 4) = 0, ' SAS', '') as "Name",
  ['Food','Health','Retail','Transport'][1 + pick(i, 4, 5)] as "Industry",
  if(odds(i, 100, 6) < 4, '', 'www.site' || if(odds(i, 100, 7) < 2, i - 1, i) || '.example') as "Website",
  if(odds(i, 100, 8) < 10, '', '01 ' || substr(format('{:08d}', (i * 37) % 100000000), 1, 8)) as "Phone",
  ['Lille','Lyon','Nantes','Bordeaux','Toulouse','Reims'][1 + pick(i, 6, 9)] as "BillingCity",
  format('{:05d}', 1000 + pick(i, 6000, 10)) as "BillingPostalCode", 'France' as "BillingCountry",
  format('005{:012d}AAA', pick(i, $owners, 11)) as "OwnerId", 'false' as "IsDeleted",
  strftime(date '2026-10-29' - pick(i, 1500, 12)::int + interval 9 hour, '%Y-%m-%dT%H:%M:%S.000Z') as "CreatedDate",
  strftime(date '2026-10-29' - pick(i, 300, 13)::int + interval 9 hour, '%Y-%m-%dT%H:%M:%S.000Z') as "LastModifiedDate"
from range($accounts) as t(i)
