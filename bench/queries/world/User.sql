select format('005{:012d}AAA', i) as "Id", 'Rep ' || i as "Name", (i % 20 <> 7)::varchar as "IsActive",
  format('00E{:012d}AAA', i // 8) as "UserRoleId", '2023-01-09T08:00:00.000Z' as "CreatedDate"
from range($owners) as t(i)
