alter table jobs add column last_error text;
