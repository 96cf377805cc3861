-- Tenants kept apart by row-level security on a setting, forced upon the owner too: the recipe of most software sold as a service.
create table tenants (
    id uuid primary key,
    name text not null
);
create table documents (
    id bigint generated always as identity primary key,
    tenant_id uuid not null references tenants (id),
    title text not null default 'untitled',
    is_template boolean not null default false
);
create table document_shares (
    document_id bigint not null references documents (id) on delete cascade,
    shared_with uuid not null references tenants (id)
);

create function current_tenant() returns uuid
    language sql stable
    return nullif(current_setting('app.tenant', true), '')::uuid;

insert into tenants values
    ('7d444840-9dc0-11d1-b245-5ffdce74fad2', 'Globex'),
    ('e902893a-9d22-3c7e-a7b8-d6e313b71d9f', 'Initech');
insert into documents (tenant_id, title) values
    ('7d444840-9dc0-11d1-b245-5ffdce74fad2', 'Plan'), ('e902893a-9d22-3c7e-a7b8-d6e313b71d9f', 'TPS report');
insert into document_shares values (1, 'e902893a-9d22-3c7e-a7b8-d6e313b71d9f');

alter table documents enable row level security;
alter table documents force row level security;
alter table document_shares enable row level security;

create policy own_documents on documents using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
create policy shared_documents on documents for select
    using (exists (select from document_shares s where s.document_id = id and s.shared_with = current_tenant()));
create policy no_templates on documents as restrictive for delete using (not is_template);
create policy shares on document_shares for all to public using (shared_with = current_tenant());
