namespace SchemaIsolation.Keeper.Postgres;

/// <summary>SQL that proves schemas apart: what copies share, how they differ, what is in none of them.</summary>
internal static class CatalogueSql
{
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
            union all select 'pg_opfamily'::regclass, oid, opfnamespace, 'operator family', opfname::text from pg_catalog.pg_opfamily
            union all select 'pg_ts_parser'::regclass, oid, prsnamespace, 'text search parser', prsname::text from pg_catalog.pg_ts_parser
            union all select 'pg_ts_template'::regclass, oid, tmplnamespace, 'text search template', tmplname::text from pg_catalog.pg_ts_template
            union all select 'pg_statistic_ext'::regclass, oid, stxnamespace, 'statistics', stxname::text from pg_catalog.pg_statistic_ext
        ), global as (
            select 'pg_event_trigger'::regclass as class, oid, format('event trigger %I', evtname) as name from pg_catalog.pg_event_trigger
            union all select 'pg_publication'::regclass, oid, format('publication %I', pubname) from pg_catalog.pg_publication
            union all select 'pg_foreign_server'::regclass, oid, format('server %I', srvname) from pg_catalog.pg_foreign_server
            union all select 'pg_foreign_data_wrapper'::regclass, oid, format('foreign data wrapper %I', fdwname) from pg_catalog.pg_foreign_data_wrapper
            union all select 'pg_language'::regclass, oid, format('language %I', lanname) from pg_catalog.pg_language
            union all select 'pg_cast'::regclass, c.oid, format('cast from %s to %s', castsource::regtype, casttarget::regtype)
                from pg_catalog.pg_cast c join pg_catalog.pg_type s on s.oid = castsource join pg_catalog.pg_type t on t.oid = casttarget
                where s.typnamespace <> all (select n.oid from pg_catalog.pg_namespace n where n.nspname = any ($1))
                  and t.typnamespace <> all (select n.oid from pg_catalog.pg_namespace n where n.nspname = any ($1))
            union all select 'pg_transform'::regclass, oid, format('transform for %s', trftype::regtype) from pg_catalog.pg_transform
            union all select 'pg_am'::regclass, oid, format('access method %I', amname) from pg_catalog.pg_am
            union all select 'pg_default_acl'::regclass, oid, format('default privileges of %I in all schemas', pg_catalog.pg_get_userbyid(defaclrole)) from pg_catalog.pg_default_acl where defaclnamespace = 0
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
        $"""
        {WithReferences}
        select distinct format('%I.%I uses %I.%I', schema, name, of_schema, of_name) from reference
        where schema = any ($1) and of_schema = any ($1)
        order by 1
        """;

    /// <summary>What objects in a schema need that is in another one, system objects and extensions' aside.</summary>
    /// <remarks>$1: the schema.</remarks>
    public const string ListReferencesToOthers =
        $"""
        {WithReferences}
        select distinct format('%I uses %I.%I', name, of_schema, of_name) from reference r
        where schema = $1 and of_schema not like 'pg\_%' and of_schema <> 'information_schema'
          and not exists (select from pg_catalog.pg_depend e where e.classid = r.of_class and e.objid = r.of_oid and e.deptype = 'e')
        order by 1
        """;

    // From one schema to another.
    private const string WithReferences =
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
        ), reference as (
            select fn.nspname as schema, f.name, tn.nspname as of_schema, t.name as of_name, t.class as of_class, t.oid as of_oid
            from pg_catalog.pg_depend d
            join object f on f.class = d.classid and f.oid = d.objid
            join pg_catalog.pg_namespace fn on fn.oid = f.namespace
            join object t on t.class = d.refclassid and t.oid = d.refobjid
            join pg_catalog.pg_namespace tn on tn.oid = t.namespace
            where fn.oid <> tn.oid
        )
        """;
}
