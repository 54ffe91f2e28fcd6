-- What the outbox brought and what became of it. A refused order stays, so that a replay hears the same answer.
create table orders (
  id uuid primary key,
  event_id uuid not null references events,
  buyer_id uuid not null references users,
  hold text not null,
  fence bigint not null check (fence >= 0),
  status text not null check (status in ('confirmed', 'rejected', 'cancelled')),
  amount bigint not null check (amount >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  accepted_at timestamptz not null,
  created_at timestamptz not null default now(),
  -- A code of protocol's reject.ts, and {takenBy, places, prices}: who stood in the way, and what was asked for.
  reason text,
  refusal jsonb,
  cancelled_at timestamptz,
  cancel_reason text,
  check ((status = 'rejected') = (reason is not null and refusal is not null)),
  check ((status = 'cancelled') = (cancelled_at is not null))
);

create index orders_of_buyer on orders (buyer_id, accepted_at desc, id desc);
-- The highest fence an event has seen is one index probe.
create index orders_of_event on orders (event_id, fence desc);
create index orders_undone on orders (id) where status <> 'confirmed';

create table tickets (
  id uuid primary key,
  order_id uuid not null references orders,
  -- The order's. Not a reference of its own: with (order_id, event_id) as one, each check read all orders of the event, and a
  -- batch of 1,000 orders took 250 ms instead of 90.
  event_id uuid not null,
  place integer not null check (place between 0 and 249999),
  fence bigint not null check (fence >= 0),
  price bigint not null check (price >= 0),
  -- False once cancelled: the place may be sold again, under a higher fence.
  live boolean not null default true,
  unique (order_id, place)
);

-- The arbiter: whatever Redis, workers or clocks do, a place is sold once.
create unique index tickets_one_live_per_place on tickets (event_id, place) where live;
-- The highest fence a place was ever sold under is that of its live ticket or of one of these.
create index tickets_cancelled on tickets (event_id, place, fence) where not live;
