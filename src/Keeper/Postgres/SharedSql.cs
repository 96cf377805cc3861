namespace SchemaIsolation.Keeper.Postgres;

/// <summary>SQL for schemas of ours in a database that belongs to others.</summary>
internal static class SharedSql
{
    /// <summary>Each extension, and the schema it is in.</summary>
    public const string ListPlacesOfExtensions =
        "select extname::text, nspname::text from pg_catalog.pg_extension join pg_catalog.pg_namespace n on n.oid = extnamespace order by 1";

    /// <summary>Every schema that somebody made, and whether it holds a relation that is no part of an extension.</summary>
    public const string ListWhetherOccupied =
        """
        select n.nspname::text, exists (
            select from pg_catalog.pg_class c
            where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
              and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))::text
        from pg_catalog.pg_namespace n where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' order by 1
        """;

    /// <summary>Functions whose text names a schema of others: nothing but their running would show it.</summary>
    /// <remarks>$1: the schema they are in. $2: those of others.</remarks>
    public const string ListFunctionsForOthers =
        """
        select format('%s names %s.%s', p.oid::regprocedure, match[1], match[2])
        from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
            cross join pg_catalog.regexp_matches(p.prosrc, '([[:word:]]+|"(?:[^"]|"")+")[[:space:]]*\.[[:space:]]*"?([[:word:]]+)', 'g') match
        where n.nspname = $1
          and case when match[1] like '"%' then pg_catalog.replace(pg_catalog.substr(match[1], 2, pg_catalog.length(match[1]) - 2), '""', '"') else pg_catalog.lower(match[1]) end = any ($2)
        order by 1
        """;

    public const string OwnTransaction = "select pg_catalog.pg_current_xact_id()::xid::text";

    /// <summary>The relations outside a schema that our transaction has read or written, system relations and extensions' aside.</summary>
    /// <remarks>$1: the schema. A lock is kept until the transaction ends.</remarks>
    public const string ListTouched =
        """
        select distinct format('%I.%I', n.nspname, c.relname)
        from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where l.pid = pg_catalog.pg_backend_pid() and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
          and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and n.nspname <> $1 and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
          and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
        order by 1
        """;

    /// <summary>What outside a schema our transaction has changed in the catalogues: rights, settings, comments, owners.</summary>
    /// <remarks>$1: the schema. $2: our transaction, whose snapshot is as old as it: what is younger is its own.</remarks>
    public const string ListAltered =
        """
        with changed as (
            select format('settings of %s', coalesce((select format('role %I', rolname) from pg_catalog.pg_roles where oid = setrole), 'the database')) as name, xmin from pg_catalog.pg_db_role_setting
            union all select format('default privileges of %I', pg_catalog.pg_get_userbyid(defaclrole)), a.xmin
                from pg_catalog.pg_default_acl a left join pg_catalog.pg_namespace n on n.oid = defaclnamespace where n.nspname is distinct from $1
            union all select format('database %I', datname), xmin from pg_catalog.pg_database
            union all select 'the comment of a database or role', xmin from pg_catalog.pg_shdescription
            union all select format('members of role %I', pg_catalog.pg_get_userbyid(roleid)), xmin from pg_catalog.pg_auth_members
            union all select format('schema %I', nspname), xmin from pg_catalog.pg_namespace where nspname <> $1 and nspname not like 'pg\_%'
            union all select format('%I.%I', n.nspname, c.relname), c.xmin
                from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = relnamespace where n.nspname <> $1 and n.nspname not like 'pg\_%'
            union all select format('%I.%I', n.nspname, p.proname), p.xmin
                from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = pronamespace where n.nspname <> $1 and n.nspname not like 'pg\_temp\_%'
            union all select format('%I.%I', n.nspname, t.typname), t.xmin
                from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = typnamespace where n.nspname <> $1 and n.nspname not like 'pg\_%'
        )
        select distinct name from changed where pg_catalog.age(xmin) <= pg_catalog.age($2::text::xid) order by 1
        """;

    /// <summary>What a migration has set of its connection, the role it acts as first.</summary>
    public static readonly IReadOnlyList<string> ForgetSettings = ["reset session authorization", "reset role", "reset all", CopySql.QualifyNames];

    /// <summary>Ends whoever holds a lock on something in a schema of ours, as far as our role may.</summary>
    /// <remarks>$1: the schema.</remarks>
    public const string EndWorkIn =
        $"""
        select count(pg_catalog.pg_terminate_backend(a.pid)) from pg_catalog.pg_stat_activity a
        where a.backend_type = 'client backend' and a.pid <> pg_catalog.pg_backend_pid() and pg_catalog.pg_has_role(a.usesysid, 'MEMBER')
          and a.pid in (select pid from pg_catalog.pg_locks where {IsInSchema})
        """;

    /// <summary>What was prepared and left, holds a lock on something in a schema of ours, and is ours to roll back.</summary>
    /// <remarks>$1: the schema.</remarks>
    public const string ListPreparedIn =
        $"""
        select gid from pg_catalog.pg_prepared_xacts
        where database = pg_catalog.current_database() and (owner = current_user or current_setting('is_superuser') = 'on')
          and transaction in (
              select transactionid from pg_catalog.pg_locks
              where locktype = 'transactionid' and pid is null and virtualtransaction in (select virtualtransaction from pg_catalog.pg_locks where pid is null and {IsInSchema}))
        """;

    /// <summary>Whether anybody holds a lock on something in a schema.</summary>
    /// <remarks>$1: the schema.</remarks>
    public const string IsWorkedIn = $"select exists (select from pg_catalog.pg_locks where {IsInSchema})::text";

    // Of one that was prepared there is no process.
    private const string IsInSchema =
        """
        pid is distinct from pg_catalog.pg_backend_pid() and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
        and (locktype = 'relation' and relation in (select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1)
          or locktype = 'object' and classid = 'pg_namespace'::regclass and objid = (select oid from pg_catalog.pg_namespace where nspname = $1))
        """;
}
