-- Names with spaces, quotes, dots, dollars, capitals, key words and other scripts, as a spreadsheet import or a foreign office makes them.
create table "Order Details" (
    "OrderID" int not null,
    "Unit Price $" numeric(10, 2) not null default 0,
    "Discount%" real not null default 0,
    "select" text,
    "a.b" text default 'dotted',
    "say ""hi""" text,
    constraint "PK_Order Details" primary key ("OrderID"),
    constraint "CK 'price'; --" check ("Unit Price $" >= 0)
);
create table "größe" ("Maß" int primary key, "日本" text, "naïve café" boolean default true);
create table "user" ("group" int primary key, "table" text default 'order', "end" int);
create table "test_1" (si int primary key, "test_2" text default 'test_3');
create table "this_name_is_as_long_as_a_name_may_be_which_is_63_bytes_and_more" (id int primary key);
create sequence "MixedCase_seq" owned by "user"."group";
create function "do it; now"("in" int) returns int language sql as 'select $1 + 1';
create type "Weird Type" as enum ('a;b', 'c''d', '');
create view "v""w" as select "OrderID" as "order id", "say ""hi""" from "Order Details";
create index "ix $$ 1" on "Order Details" (lower("a.b"), "select");
create domain U&"d\0061ta" as text;

insert into "Order Details" ("OrderID", "select", "say ""hi""") values (1, 'x', $$it's; "quoted"$$), (2, null, $tag$ $$ $tag$), (3, E'back\\slash\'s', U&'\0441\043B\043E\043D');
insert into "größe" values (10, '大きさ', default), (20, null, false);
insert into "user" values (1, default, 2);
insert into "test_1" values (1, default), (2, 'public.t');
