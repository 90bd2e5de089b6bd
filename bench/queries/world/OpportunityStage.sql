select format('01J{:012d}AAA', rank) as "Id", name as "MasterLabel", name as "ApiName",
  rank as "SortOrder", 'true' as "IsActive", (rank > 4)::varchar as "IsClosed", (rank = 5)::varchar as "IsWon"
from (values ('Prospecting', 1), ('Qualification', 2), ('Proposal', 3), ('Negotiation', 4),
  ('Closed Won', 5), ('Closed Lost', 6)) as t(name, rank)
