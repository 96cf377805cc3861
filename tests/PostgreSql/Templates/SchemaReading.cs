using System.Text.RegularExpressions;
using Npgsql;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

/// <summary>All that is in one schema, in words that do not say which schema it is: what two copies, or a copy and "public", can be compared by.</summary>
internal static partial class SchemaReading
{
    private const RegexOptions Exact = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <remarks>$1: the schema. Members of extensions are left out. With nothing but pg_catalog in the search path, every name comes with its schema.</remarks>
    private const string ListObjects =
        """
        with member as (
            select classid, objid from pg_depend where deptype = 'e'
        ), relation as (
            select * from pg_class
            where relnamespace = $1::regnamespace and ('pg_class'::regclass, oid) not in (select classid, objid from member)
              and ('pg_type'::regclass, reltype) not in (select classid, objid from member)
        ), routine as (
            select * from pg_proc where pronamespace = $1::regnamespace and ('pg_proc'::regclass, oid) not in (select classid, objid from member)
        ), kind as (
            select * from pg_type
            where typnamespace = $1::regnamespace and (typtype in ('d', 'e', 'm', 'r') or typrelid in (select oid from relation where relkind = 'c'))
              and ('pg_type'::regclass, oid) not in (select classid, objid from member)
        )
        select row('relation', oid::regclass, relkind, relpersistence, relrowsecurity, relforcerowsecurity, relispopulated, relreplident, reloptions, relacl, relowner::regrole,
            nullif(reloftype, 0)::regtype, pg_get_expr(relpartbound, oid), pg_get_partkeydef(oid), reltablespace, relam,
            (select array_agg(inhparent::regclass order by inhseqno) from pg_inherits where inhrelid = relation.oid))::text
        from relation
        union all
        select row('column', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attcompression, attstorage, attstattarget,
            attisdropped, attislocal, attinhcount, attacl, attoptions, nullif(attcollation, 0)::regcollation, pg_get_expr(adbin, adrelid))::text
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attnum > 0 and attrelid in (select oid from relation)
        union all
        select row('constraint', conrelid::regclass, contypid::regtype, conname, pg_get_constraintdef(oid), convalidated, condeferrable, condeferred, connoinherit)::text
        from pg_constraint where conrelid in (select oid from relation) or contypid in (select oid from kind)
        union all
        select row('index', pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident, indisprimary, indisunique)::text
        from pg_index where indrelid in (select oid from relation)
        union all
        select row('trigger', pg_get_triggerdef(oid), tgenabled)::text from pg_trigger where not tgisinternal and tgrelid in (select oid from relation)
        union all
        select row('rule', pg_get_ruledef(oid), ev_enabled)::text from pg_rewrite where ev_class in (select oid from relation)
        union all
        select row('policy', polrelid::regclass, polname, polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))::text
        from pg_policy where polrelid in (select oid from relation)
        union all
        select row('sequence', seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle, pg_sequence_last_value(seqrelid),
            (select array_agg(row(refobjid::regclass, refobjsubid)) from pg_depend where objid = seqrelid and refclassid = 'pg_class'::regclass and deptype in ('a', 'i')))::text
        from pg_sequence where seqrelid in (select oid from relation)
        union all
        select row('routine', oid::regprocedure, prokind, prorettype::regtype, proowner::regrole, prolang, procost, prorows, prosecdef, proleakproof, proisstrict, proretset,
            provolatile, proparallel, pg_get_function_arguments(oid), prosrc, pg_get_function_sqlbody(oid), array_to_string(proconfig, '; '), proacl)::text
        from routine
        union all
        select row('aggregate', aggfnoid, aggkind, aggnumdirectargs, aggtransfn, aggfinalfn, aggcombinefn, aggmtransfn, aggminvtransfn, aggtranstype::regtype, agginitval, aggminitval)::text
        from pg_aggregate where aggfnoid in (select oid from routine)
        union all
        select row('type', oid::regtype, typtype, typcategory, typnotnull, nullif(typbasetype, 0)::regtype, typtypmod, typdefault, nullif(typcollation, 0)::regcollation, typacl,
            (select array_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = kind.oid),
            (select row(rngsubtype::regtype, rngmultitypid::regtype, rngsubdiff) from pg_range where rngtypid = kind.oid))::text
        from kind
        union all
        select row('operator', oid::regoperator, oprcode, oprcom::regoperator, oprnegate::regoperator, oprrest, oprjoin)::text
        from pg_operator where oprnamespace = $1::regnamespace and ('pg_operator'::regclass, oid) not in (select classid, objid from member)
        union all
        select row('operator class', opcname, opcmethod, opcintype::regtype, opcdefault)::text
        from pg_opclass where opcnamespace = $1::regnamespace and ('pg_opclass'::regclass, oid) not in (select classid, objid from member)
        union all
        select row('operator family', opfname, opfmethod,
            (select array_agg(row(amopstrategy, amopopr::regoperator) order by amopstrategy) from pg_amop where amopfamily = f.oid),
            (select array_agg(row(amprocnum, amproc) order by amprocnum) from pg_amproc where amprocfamily = f.oid))::text
        from pg_opfamily f where opfnamespace = $1::regnamespace and ('pg_opfamily'::regclass, oid) not in (select classid, objid from member)
        union all
        select row('collation', to_jsonb(c) - 'oid' - 'collnamespace')::text from pg_collation c where collnamespace = $1::regnamespace
        union all
        select row('conversion', conname, conforencoding, contoencoding, conproc, condefault)::text from pg_conversion where connamespace = $1::regnamespace
        union all
        select row('text search configuration', cfgname,
            (select array_agg(row(maptokentype, mapseqno, mapdict::regdictionary) order by maptokentype, mapseqno) from pg_ts_config_map where mapcfg = c.oid))::text
        from pg_ts_config c where cfgnamespace = $1::regnamespace and ('pg_ts_config'::regclass, oid) not in (select classid, objid from member)
        union all
        select row('text search dictionary', dictname, dictinitoption)::text
        from pg_ts_dict where dictnamespace = $1::regnamespace and ('pg_ts_dict'::regclass, oid) not in (select classid, objid from member)
        union all
        select row('statistics', pg_get_statisticsobjdef(oid), stxstattarget)::text from pg_statistic_ext where stxnamespace = $1::regnamespace
        union all
        select row('cast', castsource::regtype, casttarget::regtype, nullif(castfunc, 0)::regprocedure, castcontext, castmethod)::text
        from pg_cast where castsource in (select oid from kind) or casttarget in (select oid from kind)
        union all
        select row('default rights', defaclrole::regrole, defaclobjtype, defaclacl)::text from pg_default_acl where defaclnamespace = $1::regnamespace
        union all
        select row('comment', o.type, o.identity, d.description)::text
        from pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) o
        where (o.schema = $1 or o.identity like '% on ' || $1 || '.%') and (d.classoid, d.objoid) not in (select classid, objid from member)
        union all
        select row('extension', extname)::text from pg_extension
        """;

    private const string ListTables =
        """
        select quote_ident(relname) from pg_class c
        where relnamespace = $1::regnamespace and relkind in ('r', 'p', 'm') and relispopulated
          and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e')
        order by 1
        """;

    private const string ListMembersInPublic =
        """
        select distinct name from (
            select proname::text as name, pronamespace as namespace, oid, 'pg_proc'::regclass as class from pg_proc
            union all select typname, typnamespace, oid, 'pg_type'::regclass from pg_type
            union all select opcname, opcnamespace, oid, 'pg_opclass'::regclass from pg_opclass
            union all select oprname, oprnamespace, oid, 'pg_operator'::regclass from pg_operator
            union all select dictname, dictnamespace, oid, 'pg_ts_dict'::regclass from pg_ts_dict
        ) o join pg_depend d on d.classid = o.class and d.objid = o.oid and d.deptype = 'e' where namespace = 'public'::regnamespace
        """;

    /// <returns>One line for each object and for each row, by what they say.</returns>
    public static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlConnection connection, string schema)
    {
        await ExecuteAsync(connection, "set search_path to pg_catalog");
        var members = (await ListAsync(connection, ListMembersInPublic)).ToHashSet(StringComparer.Ordinal);
        var lines = (await ListAsync(connection, ListObjects, schema)).Select(line => Rename(line, schema, members)).ToList();
        var tables = await ListAsync(connection, ListTables, schema);

        // Where a table is used, its functions find each other.
        await ExecuteAsync(connection, $"set search_path to {schema}, public");
        foreach (var table in tables)
            lines.AddRange((await ListAsync(connection, $"select t::text from {table} t")).Select(row => $"{table}: {row}"));
        return [.. lines.GroupBy(line => line, StringComparer.Ordinal).SelectMany(alike => alike.Select((line, n) => n == 0 ? line : $"{line} once more ({n})")).Order(StringComparer.Ordinal)];
    }

    /// <returns>What is in one and not in the other, a line each.</returns>
    public static string Compare(string oneName, IReadOnlyList<string> one, string otherName, IReadOnlyList<string> other)
        => string.Join('\n', one.Except(other, StringComparer.Ordinal).Select(line => $"{oneName}: {line}").Concat(other.Except(one, StringComparer.Ordinal).Select(line => $"{otherName}: {line}")));

    // What extensions brought to "public" is there for every copy. A function that keeps the search path it was made under says so in the words of where it was made.
    private static string Rename(string line, string schema, HashSet<string> members)
    {
        var apart = InPublic().Replace(line, match => members.Contains(match.Groups["name"].Value) ? $"extension.{match.Groups["name"].Value}" : match.Value);
        return Regex.Replace(apart, $@"(?<![\w.]){schema}\.", "*.", Exact, TimeSpan.FromSeconds(5))
            .Replace($"search_path={schema}, public", "search_path=*", StringComparison.Ordinal)
            .Replace("search_path=\"\"$user\"\", public", "search_path=*", StringComparison.Ordinal)
            .Replace($"search_path={schema}", "search_path=*", StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> ListAsync(NpgsqlConnection connection, string sql, params string[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"(?<![\w.])public\.(?<name>\w+|[^\w\s()"",]+)", Exact, matchTimeoutMilliseconds: 5000)]
    private static partial Regex InPublic();
}
