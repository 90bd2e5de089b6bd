with base as (
  select i, pick(i, 100, 1) as fate, pick(i, 100, 2) as habit, pick(i, 100, 3) as care,
    date '2026-10-30' - pick(i, 700, 4)::int - 10 as closed_on, 10 + pick(i, 110, 5)::int as cycle
  from range($deals) as t(i)
), told as (
  select *, fate < 22 as is_open, fate >= 55 as is_won,
    case when fate < 22 then date '2026-10-29' - pick(i, 95, 6)::int - if(habit < 15, 200, 0)
         else closed_on - cycle end as created_on
  from base
)
select format('006{:012d}AAA', i) as "Id",
  case when habit = 97 then 'test' else
    ['Chambre froide','Vitrines','Contrat','Extension','Cellule'][1 + pick(i, 5, 7)] || ' ' || i end as "Name",
  case when habit = 40 then '' else format('001{:012d}AAA', pick(i, $accounts, 8)) end as "AccountId",
  case when habit = 41 and care < 20 then '' else format('005{:012d}AAA', pick(i, $owners, 9)) end as "OwnerId",
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
  format('005{:012d}AAA', pick(i, $owners, 9)) as "CreatedById",
  strftime(greatest(created_on, date '2026-10-29' - pick(i, if(habit < 20, 200, 20), 18)::int) + interval 9 hour,
    '%Y-%m-%dT%H:%M:%S.000Z') as "LastModifiedDate",
  format('005{:012d}AAA', pick(i, $owners, 9)) as "LastModifiedById",
  (date '2026-10-29' - pick(i, if(habit < 20, 200, 20), 18)::int)::varchar as "LastActivityDate"
from told
