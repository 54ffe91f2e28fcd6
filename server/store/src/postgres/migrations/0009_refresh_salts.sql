-- Salts go by time, every few seconds: the few rows that have one are found without the others.
create index refresh_tokens_salted on refresh_tokens (used_at) where salt is not null;
