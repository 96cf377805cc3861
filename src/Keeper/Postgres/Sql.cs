namespace SchemaIsolation.Keeper.Postgres;

/// <summary>All SQL of ours. Values are parameters; identifiers go through <see cref="Identifier.Quote"/>.</summary>
internal static class Sql
{
    private static readonly HashSet<string> ListsOfNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "local_preload_libraries", "search_path", "session_preload_libraries", "temp_tablespaces",
    };

    public const string DescribeServer =
        """
        select current_setting('server_version_num')::int,
               current_setting('server_version'),
               current_setting('fsync') = 'on',
               (select rolcreatedb or rolsuper from pg_catalog.pg_roles where rolname = current_user),
               current_user::text
        """;

    public const string TryLock = "select pg_catalog.pg_try_advisory_lock($1, $2)";

    public const string Lock = "select pg_catalog.pg_advisory_lock($1, $2)";

    public const string LockShared = "select pg_catalog.pg_advisory_lock_shared($1, $2)";

    public const string Unlock = "select pg_catalog.pg_advisory_unlock($1, $2)";

    public const string UnlockShared = "select pg_catalog.pg_advisory_unlock_shared($1, $2)";

    public const string CommentOfDatabase =
        "select coalesce(pg_catalog.shobj_description(oid, 'pg_database'), '') from pg_catalog.pg_database where datname = $1";

    /// <summary>For a connection that only drops schemas.</summary>
    /// <remarks>
    /// Beside a hundred thousand leftover tables the planner takes a scan of the catalogue where an index reads the few rows of one schema.
    /// </remarks>
    public const string ConfigureSchemaSweep =
        """
        select set_config(name, value, false)
        from (values ('enable_seqscan', 'off'), ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off'), ('jit', 'off'), ('client_min_messages', 'warning'))
            as setting (name, value)
        """;

    /// <summary>How many locks all transactions of the server together are sure to get.</summary>
    public const string CountLocks =
        """
        select current_setting('max_locks_per_transaction')::bigint
            * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint)
        """;

    public const string ListSchemas =
        """
        select nspname::text from pg_catalog.pg_namespace
        where nspname not like 'pg\_%' and nspname not in ('public', 'information_schema') order by nspname
        """;

    /// <summary>How many objects go with a schema (each takes a lock), and which of them belong elsewhere.</summary>
    /// <remarks>
    /// $1: the schema. What a cascade would reach is followed as the server does, along pg_depend. Each of it has a home: its schema, that of
    /// the relation it is a part of, or that of its extension. What has none, such as an event trigger, belongs elsewhere.
    /// </remarks>
    public const string InspectSchema =
        """
        with recursive doomed as (
            select 'pg_catalog.pg_namespace'::regclass::oid as class, oid as object, 0 as part, oid as schema from pg_catalog.pg_namespace where nspname = $1
            union
            select d.classid, d.objid, d.objsubid, o.schema
            from doomed o join pg_catalog.pg_depend d on d.refclassid = o.class and d.refobjid = o.object
            where o.part in (0, d.refobjsubid)
        ), homed as (
            select class, object, part, schema,
                (select e.extnamespace from pg_catalog.pg_depend m join pg_catalog.pg_extension e on e.oid = m.refobjid
                 where m.classid = class and m.objid = object and m.refclassid = 'pg_catalog.pg_extension'::regclass and m.deptype = 'e') as extension,
                case class
                when 'pg_catalog.pg_namespace'::regclass then object
                when 'pg_catalog.pg_class'::regclass then
                    (select case relnamespace when 'pg_toast'::regnamespace then schema else relnamespace end from pg_catalog.pg_class where oid = object)
                when 'pg_catalog.pg_type'::regclass then (select typnamespace from pg_catalog.pg_type where oid = object)
                when 'pg_catalog.pg_proc'::regclass then (select pronamespace from pg_catalog.pg_proc where oid = object)
                when 'pg_catalog.pg_constraint'::regclass then (select connamespace from pg_catalog.pg_constraint where oid = object)
                when 'pg_catalog.pg_attrdef'::regclass then
                    (select relnamespace from pg_catalog.pg_attrdef a join pg_catalog.pg_class c on c.oid = a.adrelid where a.oid = object)
                when 'pg_catalog.pg_rewrite'::regclass then
                    (select relnamespace from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class where r.oid = object)
                when 'pg_catalog.pg_trigger'::regclass then -- One of a foreign key's sits on the other table, and is the key's all the same.
                    (select coalesce(k.connamespace, c.relnamespace)
                     from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
                     left join pg_catalog.pg_constraint k on k.oid = t.tgconstraint where t.oid = object)
                when 'pg_catalog.pg_policy'::regclass then
                    (select relnamespace from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid where p.oid = object)
                when 'pg_catalog.pg_publication_rel'::regclass then
                    (select relnamespace from pg_catalog.pg_publication_rel p join pg_catalog.pg_class c on c.oid = p.prrelid where p.oid = object)
                when to_regclass('pg_catalog.pg_publication_namespace') then schema
                when 'pg_catalog.pg_default_acl'::regclass then (select defaclnamespace from pg_catalog.pg_default_acl where oid = object)
                when 'pg_catalog.pg_extension'::regclass then (select extnamespace from pg_catalog.pg_extension where oid = object)
                when 'pg_catalog.pg_statistic_ext'::regclass then (select stxnamespace from pg_catalog.pg_statistic_ext where oid = object)
                when 'pg_catalog.pg_operator'::regclass then (select oprnamespace from pg_catalog.pg_operator where oid = object)
                when 'pg_catalog.pg_opclass'::regclass then (select opcnamespace from pg_catalog.pg_opclass where oid = object)
                when 'pg_catalog.pg_opfamily'::regclass then (select opfnamespace from pg_catalog.pg_opfamily where oid = object)
                when 'pg_catalog.pg_amop'::regclass then
                    (select opfnamespace from pg_catalog.pg_amop a join pg_catalog.pg_opfamily f on f.oid = a.amopfamily where a.oid = object)
                when 'pg_catalog.pg_amproc'::regclass then
                    (select opfnamespace from pg_catalog.pg_amproc a join pg_catalog.pg_opfamily f on f.oid = a.amprocfamily where a.oid = object)
                when 'pg_catalog.pg_collation'::regclass then (select collnamespace from pg_catalog.pg_collation where oid = object)
                when 'pg_catalog.pg_conversion'::regclass then (select connamespace from pg_catalog.pg_conversion where oid = object)
                when 'pg_catalog.pg_ts_config'::regclass then (select cfgnamespace from pg_catalog.pg_ts_config where oid = object)
                when 'pg_catalog.pg_ts_dict'::regclass then (select dictnamespace from pg_catalog.pg_ts_dict where oid = object)
                when 'pg_catalog.pg_ts_parser'::regclass then (select prsnamespace from pg_catalog.pg_ts_parser where oid = object)
                when 'pg_catalog.pg_ts_template'::regclass then (select tmplnamespace from pg_catalog.pg_ts_template where oid = object)
                when 'pg_catalog.pg_cast'::regclass then -- It goes with either of its types.
                    (select schema from pg_catalog.pg_cast c
                     where c.oid = object
                       and (schema = (select typnamespace from pg_catalog.pg_type where oid = c.castsource)
                         or schema = (select typnamespace from pg_catalog.pg_type where oid = c.casttarget)))
                end as home
            from doomed
        ), outsider as ( -- Named by what it is a part of: a rule by its view, a trigger by its foreign key.
            select distinct coalesce(whole.refclassid, class) as class, coalesce(whole.refobjid, object) as object, coalesce(whole.refobjsubid, part) as part
            from homed left join lateral (
                select d.refclassid, d.refobjid, d.refobjsubid from pg_catalog.pg_depend d
                where d.classid = class and d.objid = object and d.deptype = 'i' limit 1) as whole on true
            where coalesce(home, extension) is distinct from schema or extension <> schema
        ), named as (
            select pg_catalog.pg_describe_object(class, object, part) as name, row_number() over (order by class <> 'pg_catalog.pg_class'::regclass, class, object, part) as number
            from outsider
        )
        select (select count(*) from doomed), (select count(*) from outsider), (select string_agg(name, ', ' order by number) from named where number <= 3)
        """;

    /// <summary>The tables of a schema, partitions before what they are partitions of.</summary>
    public const string ListTables =
        """
        select c.relname::text
        from pg_catalog.pg_namespace n
        join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_namespace'::regclass and d.refobjid = n.oid and d.classid = 'pg_catalog.pg_class'::regclass
        join pg_catalog.pg_class c on c.oid = d.objid
        where n.nspname = $1 and c.relkind in ('r', 'p')
        order by c.relkind desc, c.relispartition desc, c.oid desc
        """;

    /// <summary>Every database whose name might be ours; <see cref="DatabaseName.TryParse"/> decides.</summary>
    public const string ListDatabases =
        @"select datname::text, datistemplate and not datallowconn from pg_catalog.pg_database where datname like 'si\_%' order by datname";

    public const string IsPublished =
        "select datistemplate and not datallowconn from pg_catalog.pg_database where datname = $1";

    // Without a user: the autovacuum, which only a superuser may end, and which DROP DATABASE ends by itself.
    public const string CountConnections =
        "select count(*) from pg_catalog.pg_stat_activity where datname = $1 and usesysid is not null";

    public const string EndConnections =
        """
        select count(pg_catalog.pg_terminate_backend(pid)) from pg_catalog.pg_stat_activity
        where datname = $1 and usesysid is not null and pid <> pg_catalog.pg_backend_pid()
        """;

    public const string EndConnectionsOfApplication =
        """
        select count(pg_catalog.pg_terminate_backend(pid)) from pg_catalog.pg_stat_activity
        where datname = $1 and application_name = $2 and pid <> pg_catalog.pg_backend_pid()
        """;

    /// <summary>Who is connected to some databases. What a connection does is told to superusers and to its own role.</summary>
    /// <remarks>A transaction that has failed has no beginning any more, and a statement without a transaction has no such state.</remarks>
    public const string ListConnections =
        """
        select datname::text, application_name, count(*), count(*) filter (where xact_start is not null or state like 'idle in transaction%')
        from pg_catalog.pg_stat_activity
        where datname = any ($1) and backend_type = 'client backend' and pid <> pg_catalog.pg_backend_pid()
        group by datname, application_name
        """;

    /// <summary>What tests made in a database of schema slots, and not in their slot: schemas, and things in "public".</summary>
    /// <remarks>
    /// Extensions are meant to be shared, with all that belongs to them. What exists because of something else, such as the sequence
    /// of a serial column, is not listed besides it.
    /// </remarks>
    public const string ListOutsideSlots =
        """
        with object as (
            select 'pg_namespace'::regclass as class, oid, null::oid as namespace, 'schema' as kind, nspname::text as name
            from pg_catalog.pg_namespace
            where nspname <> 'public' and nspname not like 'pg\_%' and nspname !~ '^test_[0-9]+$'
            union all
            select 'pg_class'::regclass, oid, relnamespace,
                   case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end,
                   relname::text
            from pg_catalog.pg_class where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
            union all
            select 'pg_proc'::regclass, oid, pronamespace, 'function', proname::text from pg_catalog.pg_proc
            union all
            select 'pg_type'::regclass, oid, typnamespace, 'type', typname::text from pg_catalog.pg_type
            where typtype in ('e', 'd', 'r') or (typtype = 'c' and typrelid in (select oid from pg_catalog.pg_class where relkind = 'c'))
        )
        select distinct o.kind || ' ' || case when o.kind = 'schema' then quote_ident(o.name) else format('public.%I', o.name) end
        from object o left join pg_catalog.pg_namespace n on n.oid = o.namespace
        where o.oid >= 16384 and (o.kind = 'schema' or n.nspname = 'public')
          and not exists (
              select from pg_catalog.pg_depend d
              where d.classid = o.class and d.objid = o.oid and d.objsubid = 0 and d.deptype in ('e', 'i', 'a'))
        order by 1
        """;

    public const string ListExtensions = "select extname::text from pg_catalog.pg_extension";

    /// <remarks>$1: the database. The role is null for a setting that is for all.</remarks>
    public const string ListDatabaseSettings =
        """
        select r.rolname::text, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)
        from pg_catalog.pg_db_role_setting s
        join pg_catalog.pg_database d on d.oid = s.setdatabase
        left join pg_catalog.pg_roles r on r.oid = s.setrole
        cross join unnest(s.setconfig) c
        where d.datname = $1
        """;

    /// <remarks>$1: the database. The role is null for everybody; no row when nobody granted or revoked anything.</remarks>
    public const string ListDatabaseGrants =
        """
        select a.privilege_type, r.rolname::text
        from pg_catalog.pg_database d
        cross join aclexplode(d.datacl) a
        left join pg_catalog.pg_roles r on r.oid = a.grantee
        where d.datname = $1
        """;

    /// <summary>What a replay left outside the copies, where every slot of the database would share it.</summary>
    /// <remarks>$1: the copies. Members of extensions are meant to be shared; so are the extensions, unless they sit in a copy.</remarks>
    public const string ListShared =
        """
        with object as (
            select 'pg_class'::regclass as class, oid, relnamespace as namespace, 'relation' as kind, relname::text as name
            from pg_catalog.pg_class where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
            union all
            select 'pg_proc'::regclass, oid, pronamespace, 'function', proname::text from pg_catalog.pg_proc
            union all
            select 'pg_type'::regclass, oid, typnamespace, 'type', typname::text from pg_catalog.pg_type
            where typtype in ('e', 'd', 'r') or (typtype = 'c' and typrelid in (select oid from pg_catalog.pg_class where relkind = 'c'))
            union all select 'pg_collation'::regclass, oid, collnamespace, 'collation', collname::text from pg_catalog.pg_collation
            union all select 'pg_conversion'::regclass, oid, connamespace, 'conversion', conname::text from pg_catalog.pg_conversion
            union all select 'pg_operator'::regclass, oid, oprnamespace, 'operator', oprname::text from pg_catalog.pg_operator
            union all select 'pg_opclass'::regclass, oid, opcnamespace, 'operator class', opcname::text from pg_catalog.pg_opclass
            union all select 'pg_ts_config'::regclass, oid, cfgnamespace, 'text search configuration', cfgname::text from pg_catalog.pg_ts_config
            union all select 'pg_ts_dict'::regclass, oid, dictnamespace, 'text search dictionary', dictname::text from pg_catalog.pg_ts_dict
            union all select 'pg_statistic_ext'::regclass, oid, stxnamespace, 'statistics', stxname::text from pg_catalog.pg_statistic_ext
        ), global as (
            select 'pg_event_trigger'::regclass as class, oid, format('event trigger %I', evtname) as name from pg_catalog.pg_event_trigger
            union all select 'pg_publication'::regclass, oid, format('publication %I', pubname) from pg_catalog.pg_publication
            union all select 'pg_foreign_server'::regclass, oid, format('server %I', srvname) from pg_catalog.pg_foreign_server
            union all select 'pg_foreign_data_wrapper'::regclass, oid, format('foreign data wrapper %I', fdwname) from pg_catalog.pg_foreign_data_wrapper
            union all select 'pg_language'::regclass, oid, format('language %I', lanname) from pg_catalog.pg_language
            union all select 'pg_cast'::regclass, oid, format('cast from %s to %s', castsource::regtype, casttarget::regtype) from pg_catalog.pg_cast
            union all select 'pg_largeobject'::regclass, oid, format('large object %s', oid) from pg_catalog.pg_largeobject_metadata
        )
        select format('%s %I.%I', o.kind, n.nspname, o.name)
        from object o join pg_catalog.pg_namespace n on n.oid = o.namespace
        where o.oid >= 16384 and n.nspname <> all ($1) and n.nspname not like 'pg\_%'
          and not exists (select from pg_catalog.pg_depend d where d.classid = o.class and d.objid = o.oid and d.deptype = 'e')
        union all
        select format('schema %I', nspname) from pg_catalog.pg_namespace n
        where oid >= 16384 and nspname <> all ($1) and nspname <> 'public' and nspname not like 'pg\_%'
          and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
        union all
        select name from global g
        where oid >= 16384 and not exists (select from pg_catalog.pg_depend d where d.classid = g.class and d.objid = g.oid and d.deptype = 'e')
        union all
        select format('extension %I in %I', extname, nspname)
        from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where nspname = any ($1)
        order by 1
        """;

    /// <summary>Relations and functions of one copy that hold on to an object of another: two slots would meet in it.</summary>
    /// <remarks>$1: the copies.</remarks>
    public const string ListCrossReferences =
        """
        with object as (
            select 'pg_class'::regclass as class, oid, relnamespace as namespace, relname::text as name from pg_catalog.pg_class
            union all select 'pg_proc'::regclass, oid, pronamespace, proname::text from pg_catalog.pg_proc
            union all select 'pg_type'::regclass, oid, typnamespace, typname::text from pg_catalog.pg_type
            union all select 'pg_constraint'::regclass, oid, connamespace, conname::text from pg_catalog.pg_constraint
            union all select 'pg_attrdef'::regclass, a.oid, c.relnamespace, c.relname::text
                from pg_catalog.pg_attrdef a join pg_catalog.pg_class c on c.oid = a.adrelid
            union all select 'pg_rewrite'::regclass, r.oid, c.relnamespace, c.relname::text
                from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class
            union all select 'pg_trigger'::regclass, t.oid, c.relnamespace, c.relname::text
                from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
        )
        select distinct format('%I.%I uses %I.%I', fn.nspname, f.name, tn.nspname, t.name)
        from pg_catalog.pg_depend d
        join object f on f.class = d.classid and f.oid = d.objid
        join pg_catalog.pg_namespace fn on fn.oid = f.namespace
        join object t on t.class = d.refclassid and t.oid = d.refobjid
        join pg_catalog.pg_namespace tn on tn.oid = t.namespace
        where fn.nspname = any ($1) and tn.nspname = any ($1) and fn.nspname <> tn.nspname
        order by 1
        """;

    /// <summary>How many objects of each kind every copy holds: a replay that half works makes one that differs.</summary>
    /// <remarks>$1: the copies.</remarks>
    public const string CountObjects =
        """
        select format('%s relations, %s columns, %s constraints, %s triggers, %s functions, %s types',
            (select count(*) from pg_catalog.pg_class where relnamespace = n.oid),
            (select count(*) from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid where c.relnamespace = n.oid),
            (select count(*) from pg_catalog.pg_constraint where connamespace = n.oid),
            (select count(*) from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid where c.relnamespace = n.oid),
            (select count(*) from pg_catalog.pg_proc where pronamespace = n.oid),
            (select count(*) from pg_catalog.pg_type where typnamespace = n.oid))
        from pg_catalog.pg_namespace n where n.nspname = any ($1) order by 1
        """;

    public static string CreateDatabase(string name, string template, string? strategy)
        => $"create database {Identifier.Quote(name)} template {Identifier.Quote(template)}" + (strategy is null ? string.Empty : $" strategy {strategy}");

    public static string SetDatabase(string name, string? role, string setting, string value)
    {
        var target = role is null ? $"database {Identifier.Quote(name)}" : $"role {Identifier.Quote(role)} in database {Identifier.Quote(name)}";
        var quoted = string.Join('.', setting.Split('.').Select(Identifier.Quote));

        // The server keeps lists of names with each name quoted where it needs to be; everything else it keeps as it is.
        return $"alter {target} set {quoted} to {(ListsOfNames.Contains(setting) && value.Length > 0 ? value : Literal(value))}";
    }

    public static string RevokeFromPublic(string name) => $"revoke all on database {Identifier.Quote(name)} from public";

    public static string GrantOnDatabase(string name, string privilege, string? role)
        => $"grant {privilege} on database {Identifier.Quote(name)} to {(role is null ? "public" : Identifier.Quote(role))}";

    // The last statement of a template: from here on it is one, and nobody can connect to it.
    public static string Publish(string name) => $"alter database {Identifier.Quote(name)} with is_template true allow_connections false";

    public static string Unpublish(string name) => $"alter database {Identifier.Quote(name)} with is_template false";

    public static string DropDatabase(string name) => $"drop database if exists {Identifier.Quote(name)}";

    public static string ForceDropDatabase(string name) => $"drop database if exists {Identifier.Quote(name)} with (force)";

    public static string SetLockTimeout(TimeSpan timeout) => FormattableString.Invariant($"set lock_timeout = {(long)timeout.TotalMilliseconds}");

    public static string CreateSchema(string name) => $"create schema {Identifier.Quote(name)}";

    public static string DropSchema(string name) => $"drop schema if exists {Identifier.Quote(name)} cascade";

    public static string DropTables(string schema, IEnumerable<string> tables)
        => $"drop table if exists {string.Join(", ", tables.Select(table => $"{Identifier.Quote(schema)}.{Identifier.Quote(table)}"))} cascade";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
