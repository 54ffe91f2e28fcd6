create table events (
  id uuid primary key,
  title text not null check (char_length(title) between 1 and 200),
  description text not null check (char_length(description) <= 20000),
  venue_id uuid not null references venues,
  organizer_id uuid not null references users,
  chart_id uuid not null references charts,
  starts_at timestamptz not null,
  sale_opens_at timestamptz not null,
  sale_closes_at timestamptz not null check (sale_closes_at > sale_opens_at),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- The revision of event_prices that is in force.
  price_revision integer not null default 1 check (price_revision >= 1),
  max_per_hold integer not null check (max_per_hold between 1 and 100),
  max_per_buyer integer not null check (max_per_buyer >= max_per_hold),
  hold_ms integer not null check (hold_ms > 0),
  max_hold_ms integer not null check (max_hold_ms >= hold_ms),
  paying_ms integer not null check (paying_ms > 0),
  no_orphans boolean not null,
  published_at timestamptz,
  created_at timestamptz not null default now()
);

create index events_listed on events (starts_at, id) where published_at is not null;
create index events_organizer on events (organizer_id);

-- Every revision is kept: a hold was priced by the one in force when it was made.
create table event_prices (
  event_id uuid not null references events,
  revision integer not null check (revision >= 1),
  category text not null,
  amount bigint not null check (amount between 0 and 1000000000000),
  primary key (event_id, revision, category)
);

-- Places the organizer keeps off sale.
create table blocked_places (
  event_id uuid not null references events,
  place integer not null check (place >= 0),
  created_at timestamptz not null default now(),
  primary key (event_id, place)
);
