with changed as (
  select *, i * $changes_a_deal + k as j, k = $changes_a_deal - 1 as is_last,
    created_on + (lived * (k + 1) / $changes_a_deal)::int
      + interval 8 hour + to_seconds(pick(i * 11 + k, 36000, 41)) as changed_at
  from told, range($changes_a_deal) as t(k)
), named as (
  select *, if(is_last, 'StageName',
    ['StageName','CloseDate',if(care < 50, 'NextStep', 'Amount')][1 + k % 3]) as field
  from changed
)
select format('017{:012d}AAA', j) as "Id", id as "OpportunityId", field as "Field",
  case field when 'StageName' then if(k = 0, 'Prospecting', 'Qualification')
    when 'CloseDate' then (created_on + 30 + 10 * k::int)::varchar
    when 'Amount' then (500 + pick(j, 90000, 42))::varchar else 'Call ' || pick(j, 40, 43) end as "OldValue",
  case when is_last then stage when field = 'StageName' then 'Qualification'
    when field = 'CloseDate' then (created_on + 30 + 10 * k::int + [20, 31, -5][1 + pick(j, 3, 44)])::varchar
    when field = 'Amount' then amount else 'Visit ' || pick(j, 40, 45) end as "NewValue",
  strftime(changed_at, '%Y-%m-%dT%H:%M:%S.000Z') as "CreatedDate",
  if(pick(j, 100, 46) < 92, owner_id, format('005{:012d}AAA', pick(j, $owners, 47))) as "CreatedById"
from named
