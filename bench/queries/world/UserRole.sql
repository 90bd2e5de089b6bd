select format('00E{:012d}AAA', i) as "Id", 'Team ' || i as "Name"
from range($owners // 8) as t(i)
