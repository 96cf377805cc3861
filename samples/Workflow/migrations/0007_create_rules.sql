create table rules (
    id         bigint generated always as identity primary key,
    pack_id    bigint not null references packs on delete cascade,
    trigger_id bigint not null references triggers on delete cascade,
    -- Not "restrict": a pack that holds both the rule and its action can be deleted as a whole, while a rule of another pack
    -- still keeps the action.
    action_id  bigint not null references actions on delete no action,
    ref        text not null,
    conditions jsonb not null default '[]',
    parameters jsonb not null default '{}',
    enabled    boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint rules_ref_key unique (ref),
    constraint rules_ref_format check (ref ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
    constraint rules_conditions_is_array check (jsonb_typeof(conditions) = 'array')
);

create index rules_pack_idx on rules (pack_id);
create index rules_action_idx on rules (action_id);
create index rules_enabled_idx on rules (trigger_id) where enabled;

create trigger rules_updated_at before update on rules
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
