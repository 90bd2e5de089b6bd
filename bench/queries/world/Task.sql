with done as (
  select *, i * $tasks_a_deal + k as j,
    created_on + (lived * (k + pick(i * 7 + k, 100, 31) / 100) / $tasks_a_deal)::int as day
  from told, range($tasks_a_deal) as t(k)
)
select format('00T{:012d}AAA', j) as "Id", '' as "WhoId", id as "WhatId",
  ['Call','Mail','Quote sent','Follow-up','Site visit','Relance'][1 + pick(j, 6, 32)] as "Subject",
  if(pick(j, 100, 33) < 30, 'Spoke about the delivery and ' || pick(j, 1000000, 34), '') as "Description",
  day::varchar as "ActivityDate", if(pick(j, 100, 35) < 92, 'Completed', 'Not Started') as "Status",
  (pick(j, 100, 35) < 92)::varchar as "IsClosed",
  ['Call','Email','Task'][1 + pick(j, 3, 36)] as "TaskSubtype", owner_id as "OwnerId",
  strftime(day + pick(j, if(care < 20, 9, 2), 37)::int + interval 8 hour + to_seconds(pick(j, 36000, 38)),
    '%Y-%m-%dT%H:%M:%S.000Z') as "CreatedDate",
  owner_id as "CreatedById"
from done
