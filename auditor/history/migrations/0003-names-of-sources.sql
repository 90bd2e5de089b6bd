-- What the settings call the source of a series, so that it is known again beside neighbours.
alter table series add column known_as text;
