-- One row a CRM that is audited again and again.
create table series (
    series_id integer primary key,
    name text not null unique
) strict;

-- One row an audit: what it found, compressed, and whether later ones may be measured against it.
create table audit (
    audit_id integer primary key,
    series_id integer not null references series,
    as_of integer not null,          -- days, as all dates here, are ordinals: 1 is 0001-01-01
    recorded_at text not null,
    trusted integer not null,
    tool_version text not null,
    source text not null,
    profile_hash text not null,
    catalogue_hash text not null,
    findings integer not null,
    result blob not null,
    unique (series_id, as_of)
) strict;

-- What findings have in common, whatever their record.
create table kind (
    kind_id integer primary key,
    series_id integer not null references series,
    check_id text not null,
    version integer not null,
    table_name text not null,
    spot text not null,
    unique (series_id, check_id, version, table_name, spot)
) strict;

-- One row an uninterrupted time in which a finding was open, from the audit that first saw it
-- (inclusive) to the one that no longer did. Nothing is written of a finding that stays.
create table spell (
    kind_id integer not null references kind,
    record_key integer not null,     -- stands for a record without telling which
    valid_from integer not null,
    valid_to integer,
    since integer not null,          -- when its life began, over the times it was out of sight
    ending integer,                  -- 1 resolved, 2 vanished, 3 unknown
    settled integer,                 -- when an unknown one was seen again to pass or to be gone
    primary key (kind_id, record_key, valid_from)
) strict, without rowid;
