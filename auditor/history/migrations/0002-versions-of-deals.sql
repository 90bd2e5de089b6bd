-- One row an audit: the deals that it saw changed since the audit before, as a Parquet file. Their
-- differences make a history for a CRM that keeps none.
create table version (
    series_id integer not null references series,
    day integer not null,
    fields text not null,            -- those that the source could tell, parted by blanks
    deals blob not null,
    primary key (series_id, day)
) strict;
