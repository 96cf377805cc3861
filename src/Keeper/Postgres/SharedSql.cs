namespace SchemaIsolation.Keeper.Postgres;

/// <summary>SQL for schemas of ours in a database that belongs to others.</summary>
internal static class SharedSql
{
    /// <summary>Each extension, and the schema it is in.</summary>
    public const string ListExtensions =
        "select extname::text, nspname::text from pg_catalog.pg_extension join pg_catalog.pg_namespace n on n.oid = extnamespace order by 1";

    /// <summary>Every schema that somebody made, and whether it holds a relation that is no part of an extension.</summary>
    public const string ListSchemas =
        """
        select n.nspname::text, exists (
            select from pg_catalog.pg_class c
            where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
              and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))::text
        from pg_catalog.pg_namespace n where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' order by 1
        """;

    /// <summary>What objects in a schema need that is in another one, system objects and extensions' aside.</summary>
    /// <remarks>$1: the schema.</remarks>
    public const string ListReferencesToOthers =
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
            union all select 'pg_policy'::regclass, p.oid, c.relnamespace, c.relname::text
                from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
        )
        select distinct format('%I uses %I.%I', f.name, tn.nspname, t.name)
        from pg_catalog.pg_depend d
        join object f on f.class = d.classid and f.oid = d.objid
        join pg_catalog.pg_namespace fn on fn.oid = f.namespace
        join object t on t.class = d.refclassid and t.oid = d.refobjid
        join pg_catalog.pg_namespace tn on tn.oid = t.namespace
        where fn.nspname = $1 and tn.oid <> fn.oid and tn.nspname not like 'pg\_%' and tn.nspname <> 'information_schema'
          and not exists (select from pg_catalog.pg_depend e where e.classid = t.class and e.objid = t.oid and e.deptype = 'e')
        order by 1
        """;

    /// <summary>Ends whoever holds a lock on something in a schema of ours, as far as our role may.</summary>
    /// <remarks>$1: the schema.</remarks>
    public const string EndWorkIn =
        """
        select count(pg_catalog.pg_terminate_backend(l.pid))
        from (
            select distinct pid from pg_catalog.pg_locks
            where database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
              and (locktype = 'relation' and relation in (select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1)
                or locktype = 'object' and classid = 'pg_namespace'::regclass and objid = (select oid from pg_catalog.pg_namespace where nspname = $1))
        ) l
        join pg_catalog.pg_stat_activity a using (pid)
        where a.backend_type = 'client backend' and l.pid <> pg_catalog.pg_backend_pid() and pg_catalog.pg_has_role(a.usesysid, 'MEMBER')
        """;
}
