-- A venue whose zone nobody has said yet has none: Etc/UTC is a zone that somebody may mean. Which venues of 0007 meant it cannot
-- be told, so all of them may be told once more.
alter table venues
  alter column time_zone drop default,
  alter column time_zone drop not null;
update venues set time_zone = null where time_zone = 'Etc/UTC';
