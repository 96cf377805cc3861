-- A data dictionary kept as comments on every kind of object, exported from a modelling tool.
create table public_holidays (holiday date primary key, label text not null, is_half_day boolean default false not null);
create index ix_holidays_label on public_holidays (label);
create sequence holiday_numbers;
create view half_days as select holiday from public_holidays where is_half_day;
create materialized view holiday_count as select count(*) from public_holidays;
create type holiday_kind as enum ('national', 'regional');
create domain holiday_label as text;
create function is_holiday(d date) returns boolean language sql stable as 'select exists (select 1 from public_holidays where holiday = d)';
create function holiday_guard() returns trigger language plpgsql as 'begin if new.label = '''' then raise ''no label''; end if; return new; end';
create trigger holiday_guard before insert or update on public_holidays for each row execute function holiday_guard();
create policy holiday_policy on public_holidays using (true);
create rule holiday_rule as on delete to half_days do instead nothing;
create statistics holiday_stats on label, is_half_day from public_holidays;
alter table public_holidays add constraint label_length check (length(label) < 100);

comment on table public_holidays is 'One row for each day on which nobody works; it''s filled by hand.';
comment on column public_holidays.is_half_day is E'Work ends at noon\n(not in Bavaria)';
comment on constraint label_length on public_holidays is 'as wide as the form';
comment on index ix_holidays_label is 'for the search';
comment on sequence holiday_numbers is 'unused';
comment on view half_days is 'Half of the holidays';
comment on materialized view holiday_count is 'never refreshed';
comment on type holiday_kind is 'Who decreed it';
comment on domain holiday_label is 'unused';
comment on function is_holiday(date) is 'Whether nobody works on d';
comment on trigger holiday_guard on public_holidays is 'labels only';
comment on policy holiday_policy on public_holidays is 'open to all';
comment on rule holiday_rule on half_days is 'read only';
comment on statistics holiday_stats is 'asked for by support';
comment on schema public is 'standard public schema';

insert into public_holidays values ('2024-12-24', 'Christmas Eve', true), ('2024-12-25', 'Christmas Day', false), ('2024-12-26', 'Boxing Day', default);
