-- What the ledger knows of the money. The reference to orders is the rule: no capture without a committed order.
create table payments (
  order_id uuid primary key references orders,
  -- The provider's reference.
  payment text not null,
  amount bigint not null check (amount >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  state text not null check (state in ('authorised', 'captured', 'voided', 'refunded')),
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);

-- The sweeper's list: payments that still wait for the step their order calls for.
create index payments_open on payments (created_at, order_id) where state = 'authorised';
