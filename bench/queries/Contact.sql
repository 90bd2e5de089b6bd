select format('003{:012d}AAA', i) as "Id",
  ['Camille','Damien','Hugo','Isabelle','Laurent','Mathilde','Odile'][1 + pick(i, 7, 1)] as "FirstName",
  if(odds(i, 400, 2) = 0, 'xxx', ['Abadie','Barbier','Fourcade','Joubert','Lacombe'][1 + pick(i, 5, 3)] || i % 9973) as "LastName",
  if(odds(i, 100, 4) < 3, '', format('001{:012d}AAA', pick(i, $accounts, 5))) as "AccountId",
  case when odds(i, 100, 6) < 8 then '' when odds(i, 100, 6) < 10 then 'contact@@site' || i
       else 'c' || if(odds(i, 100, 7) < 2, i - 1, i) || '@site' || pick(i, $accounts, 5) || '.example' end as "Email",
  if(odds(i, 100, 8) < 20, '', '04 ' || format('{:08d}', (i * 7919) % 100000000)) as "Phone",
  if(odds(i, 100, 9) < 40, '', if(odds(i, 100, 10) < 3, '06 12', '06 ' || format('{:08d}', (i * 104729) % 100000000))) as "MobilePhone",
  'France' as "MailingCountry",
  format('005{:012d}AAA', pick(i, $owners, 11)) as "OwnerId", 'false' as "IsDeleted",
  strftime(date '2026-10-29' - pick(i, 1500, 12)::int + interval 9 hour, '%Y-%m-%dT%H:%M:%S.000Z') as "CreatedDate",
  strftime(date '2026-10-29' - pick(i, 400, 13)::int + interval 9 hour, '%Y-%m-%dT%H:%M:%S.000Z') as "LastModifiedDate"
from range($contacts) as t(i)
