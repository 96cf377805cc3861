create type notification_state as enum ('queued', 'sending', 'delivered', 'failed');

create table notifications (
    id           bigint generated always as identity primary key,
    recipient_id bigint not null references identities on delete cascade,
    channel      text not null,
    subject      text not null,
    payload      jsonb not null default '{}',
    state        notification_state not null default 'queued',
    error        text,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),

    constraint notifications_channel_known check (channel in ('email', 'chat', 'webhook')),
    constraint notifications_failed_has_error check ((state = 'failed') = (error is not null))
);

create index notifications_recipient_idx on notifications (recipient_id, id desc);
create index notifications_queue_idx on notifications (id) where state = 'queued';

create trigger notifications_updated_at before update on notifications
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
