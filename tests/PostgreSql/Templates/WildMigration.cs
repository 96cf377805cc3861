using Npgsql;
using SchemaIsolation.Keeper;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Resets;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

/// <summary>One file of <c>Assets/Wild</c>, taken all the way that a session's migrations go.</summary>
internal sealed class WildMigration(TestServer server, string name)
{
    private const string ListTypes =
        """
        select string_agg(kind || ' ' || typname, ', ' order by kind, typname collate "C") from (
            select case typtype when 'c' then 'composite' when 'd' then 'domain' when 'e' then 'enum' else 'range' end as kind, typname
            from pg_type t
            where oid >= 16384 and (typtype in ('d', 'e', 'r') or typrelid in (select oid from pg_class where relkind = 'c'))
              and not exists (select from pg_depend where classid = 'pg_type'::regclass and objid = t.oid and deptype = 'e')) types
        """;

    /// <summary>Where a clone says the name of what it was cloned from: there it is not itself.</summary>
    private const string ListTemplateNames =
        """
        select string_agg(place, ', ' order by place) from (
            select 'server ' || srvname from pg_foreign_server where srvoptions::text like '%si\_t\_%'
            union all select 'function ' || proname from pg_proc where oid >= 16384 and (prosrc || coalesce(proconfig::text, '')) like '%si\_t\_%'
            union all select 'user mapping of ' || srvname from pg_user_mappings where umoptions::text like '%si\_t\_%') places (place)
        """;

    // Whatever a table or view takes, and a transaction that is rolled back.
    private const string ListWork =
        """
        select statement
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join lateral (
            select quote_ident(attname) as name from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' order by attnum desc limit 1) as a on true,
        lateral (values
            (1, format('insert into %s default values', c.oid::regclass)),
            (2, format('insert into %s default values', c.oid::regclass)),
            (3, format('update %s set %s = default', c.oid::regclass, a.name)),
            (4, format('update %1$s set %2$s = %2$s', c.oid::regclass, a.name)),
            (5, format('begin; delete from %s; rollback', c.oid::regclass)),
            (6, case when c.relkind = 'r' then format('delete from only %1$s where ctid in (select min(ctid) from only %1$s)', c.oid::regclass) end),
            (7, case when c.oid::bigint % 2 = 0 then format('delete from %s', c.oid::regclass) end),
            (8, format('insert into %s default values', c.oid::regclass))) as work (number, statement)
        where c.oid >= 16384 and c.relkind in ('r', 'p', 'v') and n.nspname <> 'pg_toast' and statement is not null
          and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e')
        order by number, c.oid
        """;

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Wild");

    /// <summary>Runs it into schemas and into a database, compares what comes of it, uses a clone of the database and resets it.</summary>
    public async Task<WildOutcome> RunAsync()
    {
        using var project = await CreateProjectAsync();

        // In the keeper's order: what a failed replay leaves on the server, as a role, is there when the database is built.
        var (schemas, schemaRefusal) = await TryBuildAsync(project, TemplateKind.Schema, "Never");
        await using var copies = schemas;
        var (database, databaseRefusal) = await TryBuildAsync(project, TemplateKind.Database, "Fenced");
        await using var whole = database;
        var outcome = new WildOutcome(schemas is not null ? "schema" : database is not null ? "database" : "neither", $"{schemaRefusal} {databaseRefusal}".Trim());
        if (database is null)
            return outcome;

        await using var slots = await ResetCase.CreateAsync(server.Postgres, database.Template);
        return outcome with
        {
            Types = await slots.AskUnusedAsync(ListTypes),
            CopyDifferences = schemas is null ? "" : await CompareCopiesAsync(schemas.Template, slots.Unused),
            TemplateNames = await slots.AskUnusedAsync(ListTemplateNames),
            Use = await UseAsync(slots),
        };
    }

    /// <summary>Runs it into a schema, uses a clone and resets it.</summary>
    /// <remarks>Another template than the one that is compared: slots that are used again have a database each, and so one copy. What is said of it is said in the database's words.</remarks>
    public async Task<WildUse> UseSchemaAsync()
    {
        using var project = await CreateProjectAsync();
        var (template, refusal) = await TryBuildAsync(project, TemplateKind.Schema, "Fenced");
        await using var single = template ?? throw new InvalidOperationException(refusal);
        await using var slots = await ResetCase.CreateAsync(server.Postgres, single.Template);
        var use = await UseAsync(slots);
        return use with { Retired = use.Retired.Replace($"{SchemaName.For(1)}.", "public.", StringComparison.Ordinal) };
    }

    private async Task<ProjectDirectory> CreateProjectAsync()
        => new ProjectDirectory().Migration($"{name}.sql", await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.sql")));

    private async Task<WildUse> UseAsync(ResetCase slots)
    {
        var unlike = await slots.CompareAsync();
        await WorkAsync(slots);
        return await slots.ResetAsync() is { } reason ? new WildUse(unlike, reason, "") : new WildUse(unlike, "", await slots.CompareAsync());
    }

    private async Task<(BuiltTemplate? Template, string Refusal)> TryBuildAsync(ProjectDirectory project, TemplateKind kind, string reuse)
    {
        var options = project.Configure(server.Address, ("Reuse", reuse), ("Isolation", "Schema"));
        try
        {
            return (new BuiltTemplate(server.Postgres, await TemplateStores.Of(server.Postgres, options).EnsureAsync(kind, CancellationToken.None)), "");
        }
        catch (SchemaIsolationException exception)
        {
            return (null, $"{exception.Code}: {exception.Reason}");
        }
    }

    // In the template itself, which nobody clones any more.
    private async Task<string> CompareCopiesAsync(Template schemas, DatabaseName database)
    {
        await server.Postgres.ExecuteAsync(Sql.AllowConnections(schemas.Name.ToString(), allow: true), CancellationToken.None);
        var first = await ReadAsync(schemas.Name, "test_1");
        var differences = SchemaReading.Compare("test_1", first, "test_2", await ReadAsync(schemas.Name, "test_2"));
        return differences.Length > 0 ? differences : SchemaReading.Compare("schema", first, "database", await ReadAsync(database, "public"));
    }

    private async Task<IReadOnlyList<string>> ReadAsync(DatabaseName database, string schema)
    {
        await using var connection = await server.Postgres.OpenUnpooledAsync(database.ToString(), CancellationToken.None);
        return await SchemaReading.ReadAsync(connection, schema);
    }

    private async Task WorkAsync(ResetCase slots)
    {
        await using (var connection = await server.Postgres.OpenUnpooledAsync(
            slots.Used.ToString(), CancellationToken.None, slots.SearchPath, "-c statement_timeout=2s -c client_min_messages=error"))
        {
            foreach (var statement in await ListAsync(connection, ListWork))
                await TryRunAsync(connection, statement);
        }

        await Poll.UntilAsync(
            async () => await server.Postgres.CountConnectionsAsync(slots.Used, CancellationToken.None) == 0, TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(30), CancellationToken.None);
    }

    private static async Task<IReadOnlyList<string>> ListAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
        {
            if (!reader.IsDBNull(0))
                values.Add(reader.GetString(0));
        }

        return values;
    }

    // What a table does not take is no work.
    private static async Task TryRunAsync(NpgsqlConnection connection, string statements)
    {
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var statement in statements.Split("; "))
                batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
            await batch.ExecuteNonQueryAsync();
        }
        catch (PostgresException)
        {
            await using var rollback = new NpgsqlCommand("rollback", connection);
            await rollback.ExecuteNonQueryAsync();
        }
    }

    /// <summary>A template that is gone with its test.</summary>
    private sealed class BuiltTemplate(PostgresServer server, Template template) : IAsyncDisposable
    {
        public Template Template => template;

        public async ValueTask DisposeAsync()
        {
            await template.DisposeAsync();
            await server.DropDatabaseAsync(template.Name, CancellationToken.None);
        }
    }
}
