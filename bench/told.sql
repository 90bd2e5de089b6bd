-- pick(i, n, salt) is uniform on 0..n-1 for the row i.
create or replace macro pick(i, n, salt) as (hash(i * 31 + salt) % n)::bigint;

-- odds(i, n, salt) is that too, but tells on which records something is amiss, as its low numbers
-- mostly do: a record that is among the sound ones draws the highest.
create or replace macro odds(i, n, salt) as if(pick(i, 100, 90) < $flawed, pick(i, n, salt), n - 1);

-- What becomes of each deal: all files that speak of deals agree on it.
create or replace view told as
with base as (
  select i, pick(i, 100, 1) as fate, odds(i, 100, 2) as habit, pick(i, 100, 3) as care,
    date '2026-10-30' - pick(i, 700, 4)::int - 10 as closed_on, 10 + pick(i, 110, 5)::int as cycle
  from range($deals) as t(i)
), fated as (
  select *, fate < 22 as is_open, fate >= 55 as is_won,
    case when fate < 22 then date '2026-10-29' - pick(i, 95, 6)::int - if(habit < 15, 200, 0)
         else closed_on - cycle end as created_on
  from base
)
select *, if(is_open, date '2026-10-29', closed_on) - created_on as lived,
  format('006{:012d}AAA', i) as id, format('005{:012d}AAA', pick(i, $owners, 9)) as owner_id,
  case when is_won then 'Closed Won' when not is_open then 'Closed Lost' else
    ['Prospecting','Qualification','Proposal','Negotiation'][1 + pick(i, 4, 10)] end as stage,
  case when habit in (50, 51, 52) then '' else (500 + pick(i, 90000, 11))::varchar || '.00' end as amount,
  case when habit = 53 then '' when is_open and habit < 30 then (date '2026-10-20' - pick(i, 90, 12)::int)::varchar
       when is_open then (date '2026-11-05' + pick(i, 120, 12)::int)::varchar
       else closed_on::varchar end as close_date
from fated;
