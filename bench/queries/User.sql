select format('005{:012d}AAA', i) as "Id", 'Rep ' || i as "Name", (i % 20 <> 7)::varchar as "IsActive"
from range($owners) as t(i)
