using System.Globalization;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>SQL that finds what was changed in a database since it was cloned, and undoes it.</summary>
/// <remarks>
/// The search path is a test's, behind pg_catalog: so every function is named with its schema, as another with arguments that match better would be
/// found however late it comes, and a number that is compared with an object id is quoted, so that the operator fits exactly.
/// </remarks>
internal static class ResetSql
{
    // What a test made has an object id from here on, as what the migrations made.
    private const string FirstUserId = "'16384'";

    // From here on an object that the server brings can be dropped.
    private const string FirstUnpinnedId = "'12000'";

    // pg_catalog, pg_toast, public.
    private const string PinnedNamespaceIds = "'11', '99', '2200'";

    // Rows of a temporary table's own end with the backend that made it.
    private const string NoTemporaryNamespace = @"nspname !~ '^pg_(toast_)?temp_'";

    private const string Definition =
        "row(oid, relname, relnamespace, reltype, reloftype, relowner, relam, reltablespace, relisshared, relpersistence, relkind, relnatts, "
        + "relchecks, relrowsecurity, relforcerowsecurity, relispopulated, reltoastrelid, relreplident, relispartition, relacl, reloptions, pg_catalog.pg_get_expr(relpartbound, oid))";

    // A vacuum takes rows that were written with synchronous_commit=off for visible to all only when the server's log has come so far.
    /// <summary>For a connection that does nothing else: rows as text come out the same whatever the database or role has set.</summary>
    public const string ConnectionOptions =
        "-c row_security=off -c synchronize_seqscans=off -c jit=off -c plan_cache_mode=force_generic_plan -c client_min_messages=error "
        + "-c synchronous_commit=local -c vacuum_cost_delay=0 -c DateStyle=ISO -c IntervalStyle=postgres -c TimeZone=UTC -c extra_float_digits=1 -c bytea_output=hex -c xmlbinary=base64 "
        + @"-c default_transaction_isolation=read\ committed -c default_transaction_read_only=off -c lock_timeout=500ms";

    // To plan a query of a table the server looks into the functions that its indexes are of, and these, as triggers and generated columns, look for names
    // where a test's do. pg_catalog comes first already, unless somebody's search path names it later.
    /// <summary>Has the server find its own names before any of the suite's, and these where a test finds them.</summary>
    public const string OwnNamesFirst =
        "select pg_catalog.set_config('search_path', pg_catalog.concat('pg_catalog, ', pg_catalog.current_setting('search_path')), false)";

    /// <summary>Triggers and foreign keys stay out of the way. Only a superuser may, and whom one has granted it.</summary>
    public const string TriggersOffOption = "-c session_replication_role=replica";

    /// <inheritdoc cref="TriggersOffOption"/>
    public const string TriggersOff = "set session_replication_role = replica";

    public const string Begin = "begin";

    public const string Commit = "commit";

    public const string Rollback = "rollback";

    /// <summary>Everything that is written from here on has this transaction id or a later one.</summary>
    public const string NextTransaction = "select pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text";

    /// <summary>Everything that was written by an earlier transaction is there by now, or never will be.</summary>
    public const string OldestTransaction = "select pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text";

    /// <summary>Tables and materialized views with what the planner and the reader see of them.</summary>
    public const string ListTables =
        $"""
        select c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relkind = 'm',
            pg_catalog.pg_relation_size(c.oid), case when c.reltoastrelid = '0' then 0 else pg_catalog.pg_relation_size(c.reltoastrelid) end,
            c.relpages, c.reltuples, c.relallvisible, pg_catalog.pg_relation_filenode(c.oid)
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.oid >= {FirstUserId} and c.relkind in ('r', 'm') and c.relpersistence <> 't' and n.nspname <> 'pg_toast'
        order by c.oid
        """;

    /// <summary>Which table refers to which.</summary>
    public const string ListForeignKeys =
        "select distinct conrelid, confrelid from pg_catalog.pg_constraint where contype = 'f' and conrelid <> confrelid";

    public const string ListIndexes =
        $"""
        select c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), pg_catalog.pg_relation_size(c.oid), i.indrelid, m.amname::text
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            join pg_catalog.pg_index i on i.indexrelid = c.oid join pg_catalog.pg_am m on m.oid = c.relam
        where c.oid >= {FirstUserId} and c.relkind = 'i' and c.relpersistence <> 't' and n.nspname <> 'pg_toast'
        order by c.oid
        """;

    public const string ListSequences =
        $"""
        select c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.oid >= {FirstUserId} and c.relkind = 'S' and c.relpersistence <> 't'
        order by c.oid
        """;

    // What the server brings can be changed as well: a right to one of its functions, how its text search reads a word. Only what is long, and
    // nobody changes, is read from the first id of the database's own.
    /// <summary>The catalogues in which a test can leave something, and in which of their rows. First those whose objects bring others along.</summary>
    private static readonly (string Name, string Rows, bool NeedsSuperuser)[] Catalogues =
    [
        ("pg_extension", "true", false), ("pg_namespace", NoTemporaryNamespace, false), ("pg_class", "true", false),
        ("pg_proc", "true", false), ("pg_type", "true", false),
        ("pg_aggregate", "true", false), ("pg_am", "true", false), ("pg_amop", "true", false),
        ("pg_amproc", "true", false), ("pg_attrdef", "true", false),
        ("pg_attribute", $"attrelid >= {FirstUserId}", false), ("pg_cast", "true", false),
        ("pg_collation", "true", false), ("pg_constraint", "true", false),
        ("pg_conversion", "true", false), ("pg_default_acl", "true", false),
        ("pg_depend", $"objid >= {FirstUserId} or refobjid >= {FirstUserId}", false),
        ("pg_description", $"objoid >= {FirstUnpinnedId} or objoid in ({PinnedNamespaceIds})", false), ("pg_enum", "true", false),
        ("pg_event_trigger", "true", false), ("pg_foreign_data_wrapper", "true", false), ("pg_foreign_server", "true", false),
        ("pg_foreign_table", "true", false), ("pg_index", "true", false), ("pg_inherits", "true", false),
        ("pg_init_privs", "true", false), ("pg_language", "true", false), ("pg_largeobject_metadata", "true", false),
        ("pg_largeobject", "true", true), ("pg_opclass", "true", false), ("pg_operator", "true", false),
        ("pg_opfamily", "true", false), ("pg_partitioned_table", "true", false), ("pg_policy", "true", false),
        ("pg_publication", "true", false), ("pg_publication_rel", "true", false), ("pg_range", "true", false),
        ("pg_rewrite", "true", false), ("pg_seclabel", "true", false), ("pg_sequence", "true", false),
        ("pg_statistic", $"starelid >= {FirstUserId}", true), ("pg_statistic_ext", "true", false), ("pg_statistic_ext_data", "true", true),
        ("pg_transform", "true", false), ("pg_trigger", "true", false), ("pg_ts_config", "true", false),
        ("pg_ts_config_map", "true", false), ("pg_ts_dict", "true", false),
        ("pg_ts_parser", "true", false), ("pg_ts_template", "true", false), ("pg_user_mapping", "true", true),
    ];

    private static readonly HashSet<string> WithoutObjects = new(StringComparer.Ordinal)
    {
        "pg_aggregate", "pg_attribute", "pg_database", "pg_depend", "pg_description", "pg_enum", "pg_foreign_table", "pg_index", "pg_inherits", "pg_init_privs",
        "pg_largeobject", "pg_largeobject_metadata", "pg_partitioned_table", "pg_prepared_xacts", "pg_range", "pg_replication_slots", "pg_seclabel", "pg_sequence", "pg_statistic", "pg_statistic_ext_data", "pg_stats", "pg_subscription", "pg_ts_config_map",
    };

    /// <summary>One row a catalogue: its name, how many rows it has, how many of them were written since $1, and, where that is asked for, a hash of them.</summary>
    /// <param name="asSuperuser">Whether the role may read all of them.</param>
    /// <param name="withContent">Whether to hash their rows.</param>
    /// <param name="only">Those to be counted; null for all.</param>
    /// <param name="empty">Those that had no row yet, so that their files are empty: they are not opened, which is most of what a new connection pays; a row has come when there is one.</param>
    public static string CountCatalogues(
        bool asSuperuser, bool withContent, IReadOnlyCollection<string>? only = null, IReadOnlyCollection<string>? empty = null)
        => string.Join("\nunion all ", Catalogues
            .Where(catalogue => (asSuperuser || !catalogue.NeedsSuperuser) && (only is null || only.Contains(catalogue.Name, StringComparer.Ordinal)))
            .Select(catalogue => empty?.Contains(catalogue.Name, StringComparer.Ordinal) == true
                ? $"select '{catalogue.Name}', 0::bigint, pg_catalog.sign(pg_catalog.pg_relation_size('pg_catalog.{catalogue.Name}'::regclass))::bigint, null::text"
                : $"select '{catalogue.Name}', pg_catalog.count(*), pg_catalog.count(*) filter (where pg_catalog.age(xmin) <= pg_catalog.age($1::xid)), "
                + (withContent ? HashOf(catalogue.Name == "pg_class" ? Definition : "c.*") : "null::text")
                + $" from pg_catalog.{catalogue.Name} c where {catalogue.Rows}"))
            + (only is null ? "\nunion all " + OfDatabase : string.Empty)
            + (only is null && !asSuperuser ? "\nunion all " + AsOthersSee : string.Empty);

    /// <summary>Whether anything was made or altered since $1 that an undo could run, or meet in a table's place.</summary>
    public const string FindCode =
        $"""
        select exists (select from pg_catalog.pg_class where oid >= {FirstUserId} and pg_catalog.age(xmin) <= pg_catalog.age($1::xid))
            or exists (select from pg_catalog.pg_proc where oid >= {FirstUserId} and pg_catalog.age(xmin) <= pg_catalog.age($1::xid))
            or exists (select from pg_catalog.pg_rewrite where oid >= {FirstUserId} and pg_catalog.age(xmin) <= pg_catalog.age($1::xid))
            or exists (select from pg_catalog.pg_trigger where oid >= {FirstUserId} and pg_catalog.age(xmin) <= pg_catalog.age($1::xid))
        """;

    public const string ListEmptyCatalogues =
        """
        select relname::text from pg_catalog.pg_class
        where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and not relisshared and pg_catalog.pg_relation_size(oid) = 0
        """;

    /// <summary>Whether it says nothing of when its rows were written, so that its content is always read.</summary>
    public static bool HasNoTimes(string catalogue, bool asSuperuser)
        => catalogue is "pg_database" or "pg_prepared_xacts" or "pg_replication_slots" or "pg_subscription" || (!asSuperuser && catalogue is "pg_stats" or "pg_largeobject");

    // Neither of the rows' own column for the database: it is another id in each clone.
    /// <summary>What is elsewhere than in the database's own catalogues, and of this database.</summary>
    private const string OfDatabase =
        """
        select 'pg_database', 0, 0,
            row(d.datdba, d.datistemplate, d.datallowconn, d.datconnlimit, d.dattablespace, d.datacl,
                (select pg_catalog.string_agg(row(setrole, setconfig)::text, ' ' order by setrole) from pg_catalog.pg_db_role_setting where setdatabase = d.oid),
                pg_catalog.shobj_description(d.oid, 'pg_database'))::text
        from pg_catalog.pg_database d where datname = pg_catalog.current_database()
        union all
        select 'pg_prepared_xacts', 0, 0, pg_catalog.count(*)::text from pg_catalog.pg_prepared_xacts where database = pg_catalog.current_database()
        union all
        select 'pg_replication_slots', 0, 0, pg_catalog.count(*)::text from pg_catalog.pg_replication_slots where database = pg_catalog.current_database()
        union all
        select 'pg_subscription', 0, 0, pg_catalog.count(subname)::text
        from pg_catalog.pg_subscription where subdbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
        """;

    // What a role sees that may not read pg_statistic and pg_largeobject.
    private const string AsOthersSee =
        """
        select 'pg_stats', 0, 0, coalesce(pg_catalog.sum(pg_catalog.hashtextextended(s::text, 0)::numeric), 0)::text
        from pg_catalog.pg_stats s where schemaname not in ('pg_catalog', 'information_schema')
        union all
        select 'pg_largeobject', 0, 0, coalesce(pg_catalog.sum(pg_catalog.hashtextextended(row(oid, pg_catalog.lo_get(oid))::text, 0)::numeric), 0)::text
        from pg_catalog.pg_largeobject_metadata
        """;

    // A vacuum marks no page visible to all on which it left a dead row, as it does where somebody else has the page in hand.
    /// <summary>What of these relations is not as given: one row each. A file is given where it must be the same.</summary>
    public static string FindChanged(IReadOnlyCollection<(uint Id, long Size, long ToastSize, int Pages, float Tuples, int Visible, uint? File)> tables)
        => tables.Count == 0 ? NoIds : $"""
        select p.id::oid
        from (values {string.Join(", ", tables.Select(table => FormattableString.Invariant($"({table.Id}::oid, {table.Size}::bigint, {table.ToastSize}::bigint, {table.Pages}, {table.Tuples}::real, {table.Visible}, {table.File?.ToString(CultureInfo.InvariantCulture) ?? "null"}::oid)")))})
            as p (id, size, toast, pages, tuples, visible, file)
        join pg_catalog.pg_class c on c.oid = p.id
        where pg_catalog.pg_relation_size(p.id) <> p.size or c.relpages <> p.pages or c.reltuples <> p.tuples or c.relallvisible <> p.visible
           or pg_catalog.pg_relation_filenode(p.id) <> p.file
           or case when c.reltoastrelid = '0' then 0 else pg_catalog.pg_relation_size(c.reltoastrelid) end <> p.toast
        """;

    /// <summary>Has the server's log written as far as it goes, so that a vacuum knows all rows for visible that are.</summary>
    public const string FlushLog = "select pg_catalog.pg_logical_emit_message(true, '', '')";

    /// <summary>Tables of which a vacuum could not mark all pages.</summary>
    public const string CountNotVisible =
        $"""
        select pg_catalog.count(*) from pg_catalog.pg_class
        where oid >= {FirstUserId} and relkind in ('r', 'm') and relpersistence <> 't' and relallvisible < relpages
        """;

    /// <summary>Indexes that are smaller or larger than given: one row each.</summary>
    public static string FindResized(IReadOnlyCollection<(uint Id, long LeastSize, long MostSize)> indexes)
        => indexes.Count == 0 ? NoIds : $"""
        select p.id::oid
        from (values {string.Join(", ", indexes.Select(index => FormattableString.Invariant($"({index.Id}::oid, {index.LeastSize}::bigint, {index.MostSize}::bigint)")))}) as p (id, least, most)
        where pg_catalog.pg_relation_size(p.id) not between p.least and p.most
        """;

    /// <summary>One text each: what rows a table has and where they lie, or where a sequence stands.</summary>
    public static string Read(IEnumerable<string> values) => $"select array[{string.Join(",\n", values.Select(value => $"({value})"))}]::text[]";

    /// <summary>The rows with their places, so that another order is another value.</summary>
    public static string HashRows(string table)
        => $"select pg_catalog.concat_ws(' ', pg_catalog.count(*), {HashOf("row(si.ctid, si.*)")}) from only {table} si";

    /// <summary>For a table too large to be read each time: how many rows it has, and how many of them were written since $1.</summary>
    /// <remarks>As many as there were, none of them new, and the file they were in: those that were there, where they were.</remarks>
    public static string CountRows(string table)
        => $"select pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.count(*) filter (where pg_catalog.age(xmin) <= pg_catalog.age($1::xid))) from only {table}";

    /// <summary>The rows wherever they lie.</summary>
    public static string HashContents(string table) => $"select pg_catalog.concat_ws(' ', pg_catalog.count(*), {HashOf("row(si.*)")}) from only {table} si";

    public const string DeferConstraints = "set constraints all deferred";

    /// <summary>Those that are put off to the end of the transaction.</summary>
    public const string CheckConstraints = "set constraints all immediate";

    public static string CountAllRows(string table) => $"select pg_catalog.count(*) from only {table}";

    public static string ReadSequence(string sequence) => $"select pg_catalog.concat_ws(' ', last_value, log_cnt, is_called) from {sequence}";

    public static string SetSequence(uint id, long value, bool isCalled)
        => FormattableString.Invariant($"select pg_catalog.setval({id}::regclass, {value}, {(isCalled ? "true" : "false")})");

    public static string DeleteRows(string table) => $"delete from only {table}";

    /// <summary>Gives the space of deleted rows back, so that the next rows lie where they would in a new table.</summary>
    public static string Vacuum(IEnumerable<string> tables) => $"vacuum (index_cleanup on, truncate on, parallel 0) {string.Join(", ", tables)}";

    /// <summary>Has the planner know of the table what an autovacuum would find out, so that it has no reason to come.</summary>
    public static string Analyze(string table) => $"analyze {table}";

    public static string Reindex(string index) => $"reindex index {index}";

    public static string ReindexTable(string table) => $"reindex table {table}";

    public static string CopyOut(string table) => $"copy {table} to stdout (format binary)";

    public static string CopyIn(string table) => $"copy {table} from stdin (format binary)";

    public static string CopyTextOut(string table) => $"copy {table} to stdout";

    public static string CopyTextIn(string table) => $"copy {table} from stdin";

    public const string Now = "select pg_catalog.clock_timestamp()::text";

    // A connection that is reset after its use by a pool begins with DISCARD ALL when it is used next, and not before.
    /// <summary>What else is at work in the database, or has been since $1. A role is told nothing of what others do, which may be anything.</summary>
    public const string FindActivity =
        """
        select pg_catalog.left(query, 100) from pg_catalog.pg_stat_activity
        where datname = pg_catalog.current_database() and pid <> pg_catalog.pg_backend_pid() and usesysid is not null
          and coalesce(backend_type, 'client backend') = 'client backend' and (state is distinct from 'idle' or state_change > $1::timestamptz)
        union all
        select 'an advisory lock that a connection still holds' from pg_catalog.pg_locks
        where locktype = 'advisory' and pid <> pg_catalog.pg_backend_pid()
          and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
        limit 1
        """;

    // The server leaves out schemas that are in the search path, which is set for this statement alone.
    /// <summary>The names of what was written since $1, with their schemas: the first of them.</summary>
    public static string DescribeChanges(string catalogue, int most)
        => string.Create(CultureInfo.InvariantCulture, $"""
        with qualified as materialized (select pg_catalog.set_config('search_path', 'pg_catalog', true))
        select pg_catalog.pg_describe_object('pg_catalog.{catalogue}'::regclass, oid, 0) from qualified, pg_catalog.{catalogue}
        where pg_catalog.age(xmin) <= pg_catalog.age($1::xid) limit {most}
        """);

    private const string NoIds = "select null::oid where false";

    /// <summary>Whether its rows are objects with a name.</summary>
    public static bool HasObjects(string catalogue) => !WithoutObjects.Contains(catalogue);

    // A sum: rows come in no order, and a copy of them is as heavy as they are.
    private static string HashOf(string row) => $"coalesce(pg_catalog.sum(pg_catalog.hashtextextended({row}::text, 0)::numeric), 0)::text";
}
