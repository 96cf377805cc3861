-- Keys by uuid_generate_v4() in the quoted extension that half of the web still installs.
create extension if not exists "uuid-ossp";

create table "Organizations" (
    "Id" uuid not null default uuid_generate_v4(),
    "Name" text not null default 'n/a',
    constraint "PK_Organizations" primary key ("Id")
);

create table "Memberships" (
    "Id" uuid not null default uuid_generate_v1mc(),
    "OrganizationId" uuid not null,
    "Role" integer not null default 0,
    constraint "PK_Memberships" primary key ("Id"),
    constraint "FK_Memberships_Organizations" foreign key ("OrganizationId") references "Organizations" ("Id") on delete cascade
);

insert into "Organizations" ("Id", "Name") values (uuid_generate_v5(uuid_ns_dns(), 'example.org'), 'Example'), (uuid_nil(), 'Nobody');
insert into "Memberships" ("Id", "OrganizationId") select uuid_generate_v3("Id", 'member'), "Id" from "Organizations";
