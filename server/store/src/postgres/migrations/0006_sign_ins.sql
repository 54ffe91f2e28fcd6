-- What a used refresh token was traded for. The token and the salt together make the successor, so that the answer can be given
-- again; nothing that is stored makes it alone. The salt goes when the time for that is over.
alter table refresh_tokens
  add column successor uuid references refresh_tokens,
  add column salt text;

-- Sign-outs are read back by time: by a server that starts, and by all of them every few seconds.
create index refresh_families_revoked on refresh_families (revoked_at, id) where revoked_at is not null;
