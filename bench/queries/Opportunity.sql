select id as "Id",
  case when habit = 97 then 'test' else
    ['Chambre froide','Vitrines','Contrat','Extension','Cellule'][1 + pick(i, 5, 7)] || ' ' || i end as "Name",
  case when habit = 40 then '' else format('001{:012d}AAA', pick(i, $accounts, 8)) end as "AccountId",
  case when habit = 41 and care < 20 then '' else owner_id end as "OwnerId",
  stage as "StageName",
  case when is_won then '100' when not is_open then '0' else
    ['10','25','50','75'][1 + pick(i, 4, 10)] end as "Probability",
  amount as "Amount", close_date as "CloseDate",
  case when not is_open or habit between 20 and 40 then '' when habit = 60 then 'tbd'
       else ['Send the revised quote','Call after the committee','Visit the site'][1 + pick(i, 3, 13)] end as "NextStep",
  case when is_won or is_open or habit between 60 and 75 then '' else
    ['Price','Delay','Competitor'][1 + pick(i, 3, 14)] end as "Loss_Reason__c",
  ['New','Existing','Renewal'][1 + pick(i, 3, 15)] as "Type",
  ['Web','Partner','Trade fair','Phone'][1 + pick(i, 4, 16)] as "LeadSource",
  (not is_open)::varchar as "IsClosed", is_won::varchar as "IsWon", 'false' as "IsDeleted",
  strftime(created_on + to_hours(8 + pick(i, 9, 17)::int), '%Y-%m-%dT%H:%M:%S.000Z') as "CreatedDate",
  owner_id as "CreatedById",
  strftime(greatest(created_on, date '2026-10-29' - pick(i, if(habit < 20, 200, 20), 18)::int) + interval 9 hour,
    '%Y-%m-%dT%H:%M:%S.000Z') as "LastModifiedDate",
  owner_id as "LastModifiedById",
  (date '2026-10-29' - pick(i, if(habit < 20, 200, 20), 18)::int)::varchar as "LastActivityDate"
from told
