create table venues (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 200),
  city text not null check (char_length(city) between 1 and 200),
  created_at timestamptz not null default now(),
  unique (name, city)
);

-- A chart never changes: tickets, maps and caches all trust its id. A correction is a new chart.
create table charts (
  id uuid primary key,
  name text not null,
  places integer not null check (places between 1 and 250000),
  document jsonb not null,
  created_at timestamptz not null default now(),
  check ((document ->> 'id')::uuid = id),
  check ((document ->> 'places')::integer = places)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% never change: insert a new one', tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger charts_are_immutable before update or delete on charts
  for each row execute function refuse_change();
create trigger charts_are_not_emptied before truncate on charts
  for each statement execute function refuse_change();
