-- A version number as a type with operators, an operator class and an index over it, as a package registry needs it.
create type semver as (major int, minor int, patch int);

create function semver_cmp(a semver, b semver) returns int
    language sql immutable strict
    as $$ select case when row(a.major, a.minor, a.patch) < row(b.major, b.minor, b.patch) then -1
                      when row(a.major, a.minor, a.patch) > row(b.major, b.minor, b.patch) then 1 else 0 end $$;
create function semver_lt(a semver, b semver) returns boolean language sql immutable strict as 'select (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)';
create function semver_le(a semver, b semver) returns boolean language sql immutable strict as 'select (a.major, a.minor, a.patch) <= (b.major, b.minor, b.patch)';
create function semver_eq(a semver, b semver) returns boolean language sql immutable strict as 'select (a.major, a.minor, a.patch) = (b.major, b.minor, b.patch)';
create function semver_ge(a semver, b semver) returns boolean language sql immutable strict as 'select (a.major, a.minor, a.patch) >= (b.major, b.minor, b.patch)';
create function semver_gt(a semver, b semver) returns boolean language sql immutable strict as 'select (a.major, a.minor, a.patch) > (b.major, b.minor, b.patch)';

create operator <# (leftarg = semver, rightarg = semver, function = semver_lt, commutator = >#, negator = >=#);
create operator <=# (leftarg = semver, rightarg = semver, function = semver_le, commutator = >=#, negator = >#);
create operator =# (leftarg = semver, rightarg = semver, function = semver_eq, commutator = =#, restrict = eqsel, join = eqjoinsel);
create operator >=# (leftarg = semver, rightarg = semver, function = semver_ge, commutator = <=#, negator = <#);
create operator ># (leftarg = semver, rightarg = semver, function = semver_gt, commutator = <#, negator = <=#);

create operator family semver_family using btree;
create operator class semver_ops default for type semver using btree family semver_family as
    operator 1 <#, operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#,
    function 1 semver_cmp(semver, semver);

create table packages (name text not null, version semver not null);
create unique index packages_by_version on packages (name, version semver_ops);

insert into packages values ('left-pad', (1, 0, 0)), ('left-pad', (1, 10, 0)), ('left-pad', (1, 2, 3)), ('right-pad', (0, 1, 0));
create view latest as
    select p.name, p.version from packages p
    where not exists (select from packages q where q.name = p.name and q.version ># p.version)
    order by p.version using <#;
