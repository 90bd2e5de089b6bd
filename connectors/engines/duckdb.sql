-- The named functions that every query of this project may use, in DuckDB's words.
-- A second engine defines the same names; nothing else in the project is engine-specific.

-- Text without what people type differently: accents, case, runs of blanks, curly apostrophes.
create or replace macro fold(value) as
  regexp_replace(trim(lower(strip_accents(replace(value, '’', '''')))), '\s+', ' ', 'g');

-- Folded text reduced to letters and digits: two spellings of one name become equal.
create or replace macro squash(value) as
  regexp_replace(lower(strip_accents(value)), '[^\p{L}\p{N}]', '', 'g');

-- NULL for text that holds nothing to read.
create or replace macro filled(value) as nullif(trim(value), '');

-- A UTC stamp on the organisation's clock.
create or replace macro local_time(stamp) as
  case when getvariable('time_zone') = 'UTC' then cast(stamp as timestamp)
  else timezone(getvariable('time_zone'), timezone('UTC', cast(stamp as timestamp))) end;

-- The organisation's calendar day of a UTC stamp; a day stays that day.
create or replace macro day_of(value) as
  case when typeof(value) = 'DATE' then cast(value as date) else cast(local_time(value) as date) end;

-- Whole calendar days from the first day to the second; negative when the second is earlier.
create or replace macro days_between(first_day, second_day) as
  date_diff('day', day_of(first_day), day_of(second_day));

-- The last day, inclusive, that many months before a day.
create or replace macro months_before(day, months) as
  cast(cast(day as date) - to_months(cast(months as integer)) as date);

create or replace macro matches(value, pattern) as regexp_matches(value, pattern);

-- Whether the stated origin of a row is a program: an import, a sync, a workflow. Never NULL.
create or replace macro made_by_program(origin) as
  coalesce(regexp_matches(lower(origin), 'import|sync|workflow|integration|automat|\bapi\b'), false);
