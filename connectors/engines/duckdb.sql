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

-- Whole calendar days from the first day to the second; negative when the second is earlier.
create or replace macro days_between(first_day, second_day) as
  date_diff('day', cast(first_day as date), cast(second_day as date));

-- The last day, inclusive, that many months before a day.
create or replace macro months_before(day, months) as
  cast(cast(day as date) - to_months(cast(months as integer)) as date);

create or replace macro matches(value, pattern) as regexp_matches(value, pattern);

-- Whether the stated origin of a row is a program: an import, a sync, a workflow. Never NULL.
create or replace macro made_by_program(origin) as
  coalesce(regexp_matches(lower(origin), 'import|sync|workflow|integration|automat|\bapi\b'), false);
