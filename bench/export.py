"""A large Salesforce-like export with ordinary defects, made by the engine from row numbers.

Nothing is random: every value is a hash of its row number, so two machines measure the same
bytes.
"""

from __future__ import annotations

from pathlib import Path

DEALS, CONTACTS, ACCOUNTS, OWNERS = 1_000_000, 200_000, 150_000, 80
AS_OF = "2026-10-30"

# `pick(n, salt)` is uniform on 0..n-1 for the row i.
_PICK = "create macro pick(i, n, salt) as (hash(i * 31 + salt) % n)::bigint"

_DEALS = """
with base as (
  select i, pick(i, 100, 1) as fate, pick(i, 100, 2) as habit, pick(i, 100, 3) as care,
    date '2026-10-30' - pick(i, 700, 4)::int - 10 as closed_on, 10 + pick(i, 110, 5)::int as cycle
  from range({deals}) as t(i)
), told as (
  select *, fate < 22 as is_open, fate >= 55 as is_won,
    case when fate < 22 then date '2026-10-29' - pick(i, 95, 6)::int - if(habit < 15, 200, 0)
         else closed_on - cycle end as created_on
  from base
)
select format('006{{:012d}}AAA', i) as "Id",
  case when habit = 97 then 'test' else
    ['Chambre froide','Vitrines','Contrat','Extension','Cellule'][1 + pick(i, 5, 7)] || ' ' || i end as "Name",
  case when habit = 40 then '' else format('001{{:012d}}AAA', pick(i, {accounts}, 8)) end as "AccountId",
  case when habit = 41 and care < 20 then '' else format('005{{:012d}}AAA', pick(i, {owners}, 9)) end as "OwnerId",
  case when is_won then 'Closed Won' when not is_open then 'Closed Lost' else
    ['Prospecting','Qualification','Proposal','Negotiation'][1 + pick(i, 4, 10)] end as "StageName",
  case when is_won then '100' when not is_open then '0' else
    ['10','25','50','75'][1 + pick(i, 4, 10)] end as "Probability",
  case when habit in (50, 51, 52) then '' else (500 + pick(i, 90000, 11))::varchar || '.00' end as "Amount",
  case when habit = 53 then '' when is_open and habit < 30 then (date '2026-10-20' - pick(i, 90, 12)::int)::varchar
       when is_open then (date '2026-11-05' + pick(i, 120, 12)::int)::varchar
       else closed_on::varchar end as "CloseDate",
  case when not is_open or habit between 20 and 40 then '' when habit = 60 then 'tbd'
       else ['Send the revised quote','Call after the committee','Visit the site'][1 + pick(i, 3, 13)] end as "NextStep",
  case when is_won or is_open or habit between 60 and 75 then '' else
    ['Price','Delay','Competitor'][1 + pick(i, 3, 14)] end as "Loss_Reason__c",
  ['New','Existing','Renewal'][1 + pick(i, 3, 15)] as "Type",
  ['Web','Partner','Trade fair','Phone'][1 + pick(i, 4, 16)] as "LeadSource",
  (not is_open)::varchar as "IsClosed", is_won::varchar as "IsWon", 'false' as "IsDeleted",
  strftime(created_on + to_hours(8 + pick(i, 9, 17)::int), '%Y-%m-%dT%H:%M:%S.000Z') as "CreatedDate",
  format('005{{:012d}}AAA', pick(i, {owners}, 9)) as "CreatedById",
  strftime(greatest(created_on, date '2026-10-29' - pick(i, if(habit < 20, 200, 20), 18)::int) + interval 9 hour,
    '%Y-%m-%dT%H:%M:%S.000Z') as "LastModifiedDate",
  format('005{{:012d}}AAA', pick(i, {owners}, 9)) as "LastModifiedById",
  (date '2026-10-29' - pick(i, if(habit < 20, 200, 20), 18)::int)::varchar as "LastActivityDate"
from told
"""

_ACCOUNTS = """
select format('001{{:012d}}AAA', i) as "Id",
  ['Fromagerie','Laiterie','Brasserie','Clinique','Garage','Imprimerie'][1 + pick(i, 6, 1)] || ' ' ||
    ['Aubeterre','Bellegarde','Dourdan','Lormont','Nérac','Oloron','Uzerche'][1 + pick(i, 7, 2)] || ' ' ||
    upper(to_base(pick(i, 1000000000, 3), 36)) || if(pick(i, 50, 4) = 0, ' SAS', '') as "Name",
  ['Food','Health','Retail','Transport'][1 + pick(i, 4, 5)] as "Industry",
  if(pick(i, 100, 6) < 4, '', 'www.site' || if(pick(i, 100, 7) < 2, i - 1, i) || '.example') as "Website",
  if(pick(i, 100, 8) < 10, '', '01 ' || substr(format('{{:08d}}', (i * 37) % 100000000), 1, 8)) as "Phone",
  ['Lille','Lyon','Nantes','Bordeaux','Toulouse','Reims'][1 + pick(i, 6, 9)] as "BillingCity",
  format('{{:05d}}', 1000 + pick(i, 6000, 10)) as "BillingPostalCode", 'France' as "BillingCountry",
  format('005{{:012d}}AAA', pick(i, {owners}, 11)) as "OwnerId", 'false' as "IsDeleted",
  strftime(date '2026-10-29' - pick(i, 1500, 12)::int + interval 9 hour, '%Y-%m-%dT%H:%M:%S.000Z') as "CreatedDate",
  strftime(date '2026-10-29' - pick(i, 300, 13)::int + interval 9 hour, '%Y-%m-%dT%H:%M:%S.000Z') as "LastModifiedDate"
from range({accounts}) as t(i)
"""

_CONTACTS = """
select format('003{{:012d}}AAA', i) as "Id",
  ['Camille','Damien','Hugo','Isabelle','Laurent','Mathilde','Odile'][1 + pick(i, 7, 1)] as "FirstName",
  if(pick(i, 400, 2) = 0, 'xxx', ['Abadie','Barbier','Fourcade','Joubert','Lacombe'][1 + pick(i, 5, 3)] || i % 9973) as "LastName",
  if(pick(i, 100, 4) < 3, '', format('001{{:012d}}AAA', pick(i, {accounts}, 5))) as "AccountId",
  case when pick(i, 100, 6) < 8 then '' when pick(i, 100, 6) < 10 then 'contact@@site' || i
       else 'c' || if(pick(i, 100, 7) < 2, i - 1, i) || '@site' || pick(i, {accounts}, 5) || '.example' end as "Email",
  if(pick(i, 100, 8) < 20, '', '04 ' || format('{{:08d}}', (i * 7919) % 100000000)) as "Phone",
  if(pick(i, 100, 9) < 40, '', if(pick(i, 100, 10) < 3, '06 12', '06 ' || format('{{:08d}}', (i * 104729) % 100000000))) as "MobilePhone",
  'France' as "MailingCountry",
  format('005{{:012d}}AAA', pick(i, {owners}, 11)) as "OwnerId", 'false' as "IsDeleted",
  strftime(date '2026-10-29' - pick(i, 1500, 12)::int + interval 9 hour, '%Y-%m-%dT%H:%M:%S.000Z') as "CreatedDate",
  strftime(date '2026-10-29' - pick(i, 400, 13)::int + interval 9 hour, '%Y-%m-%dT%H:%M:%S.000Z') as "LastModifiedDate"
from range({contacts}) as t(i)
"""

_USERS = """
select format('005{{:012d}}AAA', i) as "Id", 'Rep ' || i as "Name", (i % 20 <> 7)::varchar as "IsActive"
from range({owners}) as t(i)
"""


def write_export(folder: Path, scale: int = 1) -> None:
    """Write the export once; a folder that holds it already is left as it is.

    Args:
        folder: Where the CSV files go.
        scale: Factor on the numbers of deals, contacts and accounts.
    """
    if (folder / "User.csv").exists():
        return
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    counts = {
        "deals": DEALS * scale,
        "contacts": CONTACTS * scale,
        "accounts": ACCOUNTS * scale,
        "owners": OWNERS,
    }
    engine = duckdb.connect()
    engine.execute(_PICK)
    for name, query in (
        ("Opportunity", _DEALS),
        ("Account", _ACCOUNTS),
        ("Contact", _CONTACTS),
        ("User", _USERS),
    ):
        rows = query.format(**counts)
        engine.execute(f"copy ({rows}) to '{folder}/{name}.csv' (header, force_quote *)")
