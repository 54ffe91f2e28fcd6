-- Accounts, and the refresh tokens that keep their sessions.
create table users (
  id uuid primary key,
  email text not null check (char_length(email) between 3 and 254),
  name text not null check (char_length(name) between 1 and 100),
  role text not null check (role in ('customer', 'organizer', 'admin')),
  password_hash text not null,
  created_at timestamptz not null default now()
);

-- Anna@x.org and anna@x.org are one mailbox in practice, so they are one account.
create unique index users_email on users (lower(email));

-- A family is one sign-in: all tokens that were rotated out of it. Revoking it is one row, whatever its length.
create table refresh_families (
  id uuid primary key,
  user_id uuid not null references users,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

create index refresh_families_user on refresh_families (user_id);

create table refresh_tokens (
  id uuid primary key,
  family_id uuid not null references refresh_families,
  -- Of the token; the token itself is never stored.
  hash text not null unique,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now()
);

create index refresh_tokens_family on refresh_tokens (family_id);
