namespace SchemaIsolation.Keeper.Postgres;

/// <summary>SQL that reads one copy of a schema such that it can be compared with another.</summary>
/// <remarks>In all of them $1 is the schema, and the search path is empty, so that the server qualifies whatever is not its own.</remarks>
internal static class CopySql
{
    public const string QualifyNames = "set search_path to ''";

    public static string UseNames(string searchPath) => $"set search_path to {searchPath}";

    public const string QualifyNamesNoMore = "reset search_path";

    /// <summary>A line for each thing that the schema holds, without the schema's name, which a thing of its own may have: what comes without its schema stays as it is.</summary>
    public const string ListDefinitions =
        """
        with schema as (select oid, nspname, nspacl from pg_catalog.pg_namespace where nspname = $1),
        relation as (select c.* from pg_catalog.pg_class c join schema s on s.oid = c.relnamespace),
        function as (select p.* from pg_catalog.pg_proc p join schema s on s.oid = p.pronamespace),
        type as (select t.* from pg_catalog.pg_type t join schema s on s.oid = t.typnamespace where t.typtype in ('e', 'd', 'r', 'm') or (t.typtype = 'b' and t.typcategory <> 'A') or t.typrelid in (select oid from relation where relkind = 'c')),
        line as (
            select 'privileges: ' as name, nspacl::text as text from schema
            union all
            select format('%s %I: ', case relkind when 'r' then 'table' when 'p' then 'table' when 'i' then 'index' when 'I' then 'index' when 'S' then 'sequence' when 'v' then 'view'
                when 'm' then 'materialized view' when 'c' then 'type' when 'f' then 'foreign table' else 'relation' end, relname), concat_ws(' ', relpersistence, relrowsecurity, relforcerowsecurity, relreplident, reloptions, relacl, relispartition, pg_catalog.pg_get_expr(relpartbound, oid), pg_catalog.pg_get_partkeydef(oid), relispopulated)
            from relation
            union all
            select format('column %I.%I: ', r.relname, a.attname), concat_ws(' ', a.attnum, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, a.attcompression,
                a.attcollation::regcollation, a.attstattarget, a.attoptions, a.attfdwoptions, a.attacl, pg_catalog.pg_get_expr(d.adbin, d.adrelid))
            from relation r join pg_catalog.pg_attribute a on a.attrelid = r.oid left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attnum > 0 and r.relkind not in ('i', 'I')
            union all
            select format('inheritance of %I: ', r.relname), i.inhparent::regclass::text from relation r join pg_catalog.pg_inherits i on i.inhrelid = r.oid where r.relkind not in ('i', 'I')
            union all
            select format('constraint %I: ', c.conname), concat_ws(' ', nullif(c.conrelid, 0)::regclass, nullif(c.contypid, 0)::regtype, pg_catalog.pg_get_constraintdef(c.oid), c.convalidated)
            from pg_catalog.pg_constraint c join schema s on s.oid = c.connamespace
            union all
            select format('index %I: ', r.relname), pg_catalog.pg_get_indexdef(r.oid) from relation r where r.relkind in ('i', 'I')
            union all
            select format('view %I: ', r.relname), pg_catalog.pg_get_viewdef(r.oid) from relation r where r.relkind in ('v', 'm')
            union all
            select format('rule %I of %I: ', u.rulename, r.relname), concat_ws(' ', u.ev_enabled, pg_catalog.pg_get_ruledef(u.oid)) from relation r join pg_catalog.pg_rewrite u on u.ev_class = r.oid
            union all
            select format('trigger %I of %I: ', t.tgname, r.relname), concat_ws(' ', t.tgenabled, pg_catalog.pg_get_triggerdef(t.oid)) from relation r join pg_catalog.pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
            union all
            select format('policy %I of %I: ', p.polname, r.relname), concat_ws(' ', p.polcmd, p.polpermissive, (select array_agg(pg_catalog.pg_get_userbyid(x)) from unnest(p.polroles) x),
                pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
            from relation r join pg_catalog.pg_policy p on p.polrelid = r.oid
            union all
            select format('sequence %I: ', r.relname), concat_ws(' ', q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle) from relation r join pg_catalog.pg_sequence q on q.seqrelid = r.oid
            union all
            select format('foreign table %I: ', r.relname), concat_ws(' ', v.srvname, f.ftoptions) from relation r join pg_catalog.pg_foreign_table f on f.ftrelid = r.oid join pg_catalog.pg_foreign_server v on v.oid = f.ftserver
            union all
            select 'function ', format('%s: %s', oid::regprocedure, concat_ws(' ', proacl, case when prokind = 'a' then
                (select concat_ws(' ', g.aggtransfn::regprocedure, g.aggfinalfn, g.aggtranstype::regtype, g.agginitval, g.aggsortop::regoperator) from pg_catalog.pg_aggregate g where g.aggfnoid = function.oid)
                else pg_catalog.pg_get_functiondef(oid) end))
            from function
            union all
            select format('type %I: ', t.typname), concat_ws(' ', t.typtype, nullif(t.typbasetype, 0)::regtype, t.typnotnull, t.typdefault, t.typacl,
                (select array_agg(e.enumlabel order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid),
                (select g.rngsubtype::regtype from pg_catalog.pg_range g where g.rngtypid = t.oid))
            from type t
            union all
            select format('statistics %I: ', x.stxname), pg_catalog.pg_get_statisticsobjdef(x.oid) from pg_catalog.pg_statistic_ext x join schema s on s.oid = x.stxnamespace
            union all
            select 'operator ', format('%s: %s', o.oid::regoperator, concat_ws(' ', o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin)) from pg_catalog.pg_operator o join schema s on s.oid = o.oprnamespace
            union all
            select format('operator class %I: ', k.opcname), concat_ws(' ', k.opcintype::regtype, k.opcdefault, m.amname) from pg_catalog.pg_opclass k join schema s on s.oid = k.opcnamespace join pg_catalog.pg_am m on m.oid = k.opcmethod
            union all
            select format('collation %I: ', l.collname), concat_ws(' ', l.collprovider, l.collisdeterministic, l.collcollate, l.collctype) from pg_catalog.pg_collation l join schema s on s.oid = l.collnamespace
            union all
            select format('conversion %I: ', v.conname), v.conproc::text from pg_catalog.pg_conversion v join schema s on s.oid = v.connamespace
            union all
            select format('text search configuration %I: ', g.cfgname), (select string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ', ' order by m.maptokentype, m.mapseqno) from pg_catalog.pg_ts_config_map m where m.mapcfg = g.oid)
            from pg_catalog.pg_ts_config g join schema s on s.oid = g.cfgnamespace
            union all
            select format('text search dictionary %I: ', d.dictname), d.dictinitoption from pg_catalog.pg_ts_dict d join schema s on s.oid = d.dictnamespace
            union all
            select 'default privileges: ', concat_ws(' ', d.defaclobjtype, pg_catalog.pg_get_userbyid(d.defaclrole), d.defaclacl) from pg_catalog.pg_default_acl d join schema s on s.oid = d.defaclnamespace
            union all
            select 'comment on ', format('%s: %s', pg_catalog.pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
            from pg_catalog.pg_description d
            where (d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid in (select oid from relation))
               or (d.classoid = 'pg_catalog.pg_proc'::regclass and d.objoid in (select oid from function))
               or (d.classoid = 'pg_catalog.pg_type'::regclass and d.objoid in (select oid from type))
        )
        select name || coalesce(pg_catalog.replace(pg_catalog.replace(text, pg_catalog.quote_ident($1) || '.', ''), pg_catalog.quote_literal($1), ''''''), '') from line order by 1
        """;

    /// <summary>What has rows: a statement that asks the catalogue what there is finds the other copies too, and may write other rows.</summary>
    public const string ListTables =
        """
        select pg_catalog.quote_ident(c.relname) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and c.relkind in ('r', 'm') and c.relispopulated order by 1
        """;

    /// <summary>A line for each table.</summary>
    /// <param name="schema">Unquoted.</param>
    /// <param name="tables">Quoted.</param>
    public static string CountRows(string schema, IEnumerable<string> tables)
        => string.Join(" union all ", tables.Select(table => $"select {Sql.Literal($"rows of {table}: ")} || count(*) from {Identifier.Quote(schema)}.{table}")) + " order by 1";

    /// <summary>Those of the tables in which a row was written from a transaction on.</summary>
    /// <inheritdoc cref="CountRows" path="/param"/>
    public static string ListWritten(string schema, IEnumerable<string> tables, string since)
        => string.Join(" union all ", tables.Select(table => $"select {Sql.Literal(table)} where exists (select from {Identifier.Quote(schema)}.{table} where pg_catalog.age(xmin) <= pg_catalog.age({Sql.Literal(since)}::xid))")) + " order by 1";

    /// <summary>Functions and triggers that look for names where the schema is not: their text is only read when they run.</summary>
    public const string ListStrayFunctions =
        """
        with function as (
            select p.oid, p.prosrc, (select pg_catalog.substr(setting, 13) from pg_catalog.unnest(p.proconfig) setting where setting like 'search\_path=%') as path
            from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_language l on l.oid = p.prolang
            where n.nspname = $1 and l.lanname not in ('c', 'internal')
        )
        select format('%s has the search path %s', oid::regprocedure, path) from function
        where path !~ ('(^|[, "])' || $1 || '($|[, "])') and path !~ '^[ ,"]*((pg_catalog|pg_temp)[ ,"]*)*$'
        union
        select format('%s names public.%s', f.oid::regprocedure, match[1])
        from function f cross join pg_catalog.regexp_matches(f.prosrc, '\mpublic"?\s*\.\s*"?(\w+)', 'gi') match
        where not exists (select from pg_catalog.pg_class where relnamespace = 'public'::regnamespace and relname = match[1])
          and not exists (select from pg_catalog.pg_proc where pronamespace = 'public'::regnamespace and proname = match[1])
          and not exists (select from pg_catalog.pg_type where typnamespace = 'public'::regnamespace and typname = match[1])
        union
        select format('trigger %I of %s names public.%s', t.tgname, t.tgrelid::regclass, match[1])
        from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            cross join pg_catalog.regexp_matches(pg_catalog.replace(pg_catalog.encode(t.tgargs, 'escape'), '\000', ' '), '\mpublic"?\.\s*"?(\w+)', 'gi') match
        where n.nspname = $1
          and not exists (select from pg_catalog.pg_class where relnamespace = 'public'::regnamespace and relname = match[1])
          and not exists (select from pg_catalog.pg_ts_config where cfgnamespace = 'public'::regnamespace and cfgname = match[1])
        union
        select format('%s names %s', f.oid::regprocedure, match[1])
        from function f cross join pg_catalog.regexp_matches(f.prosrc, '\m(test_[0-9]+)"?\s*\.', 'g') match
        order by 1
        """;

    /// <summary>What a client that maps types by their plain names finds in each copy.</summary>
    public const string ListTypes =
        """
        select format('type %I', t.typname) from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        where n.nspname = $1 and (t.typtype in ('e', 'd', 'r') or t.typrelid in (select oid from pg_catalog.pg_class where relkind = 'c')) order by 1
        """;
}
