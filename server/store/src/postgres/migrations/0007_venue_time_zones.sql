-- Where a venue stands in time: wall times of its events are told in this zone (IANA). Etc/UTC means that nobody has said it yet.
alter table venues add column time_zone text not null default 'Etc/UTC'
  check (time_zone ~ '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$' and char_length(time_zone) <= 64);
