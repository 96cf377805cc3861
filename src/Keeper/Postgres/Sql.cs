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
               pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create'),
               current_user::text,
               current_setting('is_superuser') = 'on',
               version() ~ 'linux' -- Elsewhere old versions refuse client_connection_check_interval.
        """;

    public const string TryLock = "select pg_catalog.pg_try_advisory_lock($1, $2)";

    public const string Lock = "select pg_catalog.pg_advisory_lock($1, $2)";

    public const string LockShared = "select pg_catalog.pg_advisory_lock_shared($1, $2)";

    public const string Unlock = "select pg_catalog.pg_advisory_unlock($1, $2)";

    public const string UnlockShared = "select pg_catalog.pg_advisory_unlock_shared($1, $2)";

    /// <summary>$1 and $2: class and key of an advisory lock. $3: whether a shared one counts.</summary>
    public const string IsLockedElsewhere =
        """
        select exists (
            select from pg_catalog.pg_locks
            where locktype = 'advisory' and classid::bigint = $1 and objid::bigint = $2 and objsubid = 2 and granted
              and database <> (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
              and ($3 or mode = 'ExclusiveLock'))
        """;

    public const string ShowApplication = "select pg_catalog.set_config('application_name', $1, false)";

    public const string CurrentSchema = "select coalesce(current_schema()::text, 'public'), current_setting('search_path')";

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

    /// <summary>What failed tests used, with their comments; <see cref="DatabaseName.TryParse"/> decides.</summary>
    public const string ListKept =
        @"select datname::text, coalesce(pg_catalog.shobj_description(oid, 'pg_database'), '') from pg_catalog.pg_database where datname like 'si\_k\_%' order by datname";

    public const string IsPublished =
        "select datistemplate and not datallowconn from pg_catalog.pg_database where datname = $1";

    // Without a user: the autovacuum, which only a superuser may end, and which DROP DATABASE ends by itself.
    public const string CountConnections =
        "select count(*) from pg_catalog.pg_stat_activity where datname = $1 and usesysid is not null";

    /// <summary>Those between two statements as well: half a second without one is taken for the end of a test's work.</summary>
    public const string CountBusyClients =
        """
        select count(*) from pg_catalog.pg_stat_activity
        where datname = $1 and backend_type = 'client backend' and pid <> pg_catalog.pg_backend_pid()
          and (state <> 'idle' or state_change > pg_catalog.clock_timestamp() - interval '500 ms')
        """;

    /// <summary>$1: the class of the locks that say that a session is alive.</summary>
    public const string CountServerConnections =
        """
        select (current_setting('max_connections')::int
                - case when current_setting('is_superuser') = 'on' then 0
                  else current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true)::int, 0) end)::text,
            (select count(*) from pg_catalog.pg_locks where locktype = 'advisory' and classid::bigint = $1 and granted)::text
        """;

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

    /// <summary>$1: the database. No row when there is none.</summary>
    public const string FindConnectionLimit = "select datconnlimit::text from pg_catalog.pg_database where datname = $1 and datconnlimit >= 0";

    /// <remarks>$1: the database. The role is null for everybody; no row when nobody granted or revoked anything.</remarks>
    public const string ListDatabaseGrants =
        """
        select a.privilege_type, r.rolname::text
        from pg_catalog.pg_database d
        cross join aclexplode(d.datacl) a
        left join pg_catalog.pg_roles r on r.oid = a.grantee
        where d.datname = $1
        """;

    public static string SetDatabase(string name, string? role, string setting, string value)
    {
        var target = role is null ? $"database {Identifier.Quote(name)}" : $"role {Identifier.Quote(role)} in database {Identifier.Quote(name)}";
        var quoted = string.Join('.', setting.Split('.').Select(Identifier.Quote));

        // The server keeps lists of names with each name quoted where it needs to be; everything else it keeps as it is.
        return $"alter {target} set {quoted} to {(ListsOfNames.Contains(setting) && value.Length > 0 ? value : Literal(value))}";
    }

    public static string LimitConnections(string name, string limit) => $"alter database {Identifier.Quote(name)} connection limit {limit}";

    public static string RevokeFromPublic(string name) => $"revoke all on database {Identifier.Quote(name)} from public";

    public static string GrantOnDatabase(string name, string privilege, string? role)
        => $"grant {privilege} on database {Identifier.Quote(name)} to {(role is null ? "public" : Identifier.Quote(role))}";

    // The last statement of a template: from here on it is one, and nobody can connect to it.
    public static string Publish(string name) => $"alter database {Identifier.Quote(name)} with is_template true allow_connections false";

    public static string Unpublish(string name) => $"alter database {Identifier.Quote(name)} with is_template false";

    /// <summary>Whether the role is a superuser, and whether we may act as it.</summary>
    public static string FindRole(ServerFeatures features)
        => $"select rolsuper::text, pg_catalog.pg_has_role(oid, '{(features.HasSetOption ? "SET" : "MEMBER")}')::text from pg_catalog.pg_roles where rolname = $1";

    public static string CreateRole(string role) => $"create role {Identifier.Quote(role)} nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls";

    public static string GrantRole(string role, string member) => $"grant {Identifier.Quote(role)} to {Identifier.Quote(member)}";

    public static string GrantUsage(string schema, string role) => $"grant usage on schema {Identifier.Quote(schema)} to {Identifier.Quote(role)}";

    public static string RollBackPrepared(string gid) => $"rollback prepared {Literal(gid)}";

    public static string CommentOnDatabase(string name, string comment) => $"comment on database {Identifier.Quote(name)} is {Literal(comment)}";

    public static string RenameDatabase(string name, string newName) => $"alter database {Identifier.Quote(name)} rename to {Identifier.Quote(newName)}";

    public static string AllowConnections(string name, bool allow)
        => $"alter database {Identifier.Quote(name)} with allow_connections {(allow ? "true" : "false")}";

    public static string DropDatabase(string name) => $"drop database if exists {Identifier.Quote(name)}";

    public static string ForceDropDatabase(string name) => $"drop database if exists {Identifier.Quote(name)} with (force)";

    public static string SetLockTimeout(TimeSpan timeout) => FormattableString.Invariant($"set lock_timeout = {(long)timeout.TotalMilliseconds}");

    public static string CreateSchema(string name) => $"create schema {Identifier.Quote(name)}";

    public static string DropSchema(string name) => $"drop schema if exists {Identifier.Quote(name)} cascade";

    public static string DropTables(string schema, IEnumerable<string> tables)
        => $"drop table if exists {string.Join(", ", tables.Select(table => $"{Identifier.Quote(schema)}.{Identifier.Quote(table)}"))} cascade";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
