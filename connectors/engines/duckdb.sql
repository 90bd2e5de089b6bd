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

-- DuckDB's least and greatest pass over NULL. Of what is not known these two know nothing; a limit
-- that is not known limits nothing.
create or replace macro at_most(value, high) as
  case when value is not null then least(value, high) end;
create or replace macro at_least(value, low) as
  case when value is not null then greatest(value, low) end;

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

-- Mondays to Fridays up to and including a day, counted from the Monday that began our calendar.
create or replace macro weekdays_until(day) as
  (date_diff('day', date '0001-01-01', day) + 1) // 7 * 5
  + least((date_diff('day', date '0001-01-01', day) + 1) % 7, 5);

-- Mondays to Fridays after the first day, up to the second; negative when that is earlier.
create or replace macro business_days_between(first_day, second_day) as
  weekdays_until(day_of(second_day)) - weekdays_until(day_of(first_day));

-- The last day, inclusive, that many months before a day.
create or replace macro months_before(day, months) as
  cast(cast(day as date) - to_months(cast(months as integer)) as date);

-- The day on which a closed deal was closed. A close date before its creation or after today cannot
-- be true; the day on which the deal came into its last stage then tells, where it is known.
create or replace macro closing_day(created, closes, staged, today) as
  case when closes between day_of(created) and today then closes
  when day_of(staged) between day_of(created) and today then day_of(staged)
  else closes end;

create or replace macro matches(value, pattern) as regexp_matches(value, pattern);

-- Whether the stated origin of a row is a program: an import, a sync, a workflow. Never NULL.
-- HubSpot names the other system alone where its sync wrote: SALESFORCE, BOT.
create or replace macro made_by_program(origin) as
  coalesce(regexp_matches(lower(origin), 'import|sync|workflow|integration|automat|calculat|migrat|enrich|\bapi\b|^salesforce$|(^|_)bot(_|$)'), false);

-- Whether an activity was written down by a program, though a person did what it tells: mail that
-- a connected mailbox logged by itself, or that was copied to the CRM as it was sent, a call that
-- the telephone told of. Never NULL. HubSpot calls a mailbox EMAIL or EMAIL_INTEGRATION, and other
-- tools INTEGRATION.
create or replace macro logged_by_program(origin) as
  coalesce(
    regexp_matches(
      lower(origin),
      'sync|auto.?log|connected|capture|inbox|gmail|outlook|exchange|^email(_integration)?$'
      || '|_to_crm$|^integrations?(_platform)?$'
    ),
    false
  );

-- Whether what a row tells was the doing of a program, and not that of a person whose program only
-- wrote it down. Never NULL.
create or replace macro done_by_program(origin) as
  made_by_program(origin) and not logged_by_program(origin);

-- A day as a history wrote it; NULL where it cannot be told. day_first says how days with
-- slashes are meant, NULL that nothing tells.
create or replace macro day_as_written(value, day_first) as
  coalesce(
    try_cast(value as date),
    cast(try_cast(value as timestamp) as date),
    case when regexp_full_match(value, '\d{12,13}')
      then cast(epoch_ms(cast(value as bigint)) as date) end,
    case when day_first then cast(try_strptime(value, ['%d/%m/%Y', '%d/%m/%Y %H:%M']) as date)
      when not day_first then cast(try_strptime(value, ['%m/%d/%Y', '%m/%d/%Y %H:%M']) as date) end
  );

-- A number without blanks and currency signs.
create or replace macro without_units(value) as
  regexp_replace(value, '[\s\x{A0}\x{202F}€$£]', '', 'g');

-- A number as a history wrote it: thousands apart or not, a point or a comma before decimals.
create or replace macro number_as_written(value) as
  try_cast(
    case when regexp_matches(without_units(value), ',\d{1,2}$')
      then replace(replace(without_units(value), '.', ''), ',', '.')
      else replace(without_units(value), ',', '') end
    as decimal(18, 2)
  );

-- A whole number that stands for a record without telling which, the same in every audit; and the
-- digits that it has, which are found among others in less time.
create or replace macro record_digits(table_name, id) as
  substr(sha1(table_name || ':' || id), 1, 15);
create or replace macro record_key(table_name, id) as
  cast('0x' || record_digits(table_name, id) as bigint);
