using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Where unqualified names of a migration lead.</summary>
internal sealed record MigrationTarget
{
    // In the order in which a connection takes them, so that the last one holds; not what our own connection says for itself, or cannot change any more.
    // What is left out is left out before the rows are ordered: a join after that need not keep their order, and on PostgreSQL 18 does not.
    private const string TakeSettings =
        """
        select pg_catalog.set_config(s.name, s.value, false)
        from (
            select pg_catalog.split_part(c, '=', 1) as name, pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1) as value
            from pg_catalog.pg_db_role_setting cross join pg_catalog.unnest(setconfig) c
            where setdatabase in ('0', (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
              and setrole in ('0', (select oid from pg_catalog.pg_roles where rolname = session_user))
              and not exists (
                select from pg_catalog.pg_settings g
                where pg_catalog.lower(g.name) = pg_catalog.lower(pg_catalog.split_part(c, '=', 1))
                  and (g.source = 'client' or g.context <> 'user' and (g.context <> 'superuser' or pg_catalog.current_setting('is_superuser') = 'off')))
            order by setrole <> '0', setdatabase <> '0') s
        """;

    private MigrationTarget(string? schemaName, bool isFirstInDatabase, bool isShared, IReadOnlyList<string> extensionSchemas)
    {
        SchemaName = schemaName;
        IsFirstInDatabase = isFirstInDatabase;
        IsShared = isShared;
        SearchPath = schemaName is null ? null : Postgres.SchemaName.SearchPath(schemaName, extensionSchemas);
    }

    /// <summary>The search path that the server gives the role in the database: <c>"$user", public</c> unless somebody changed it.</summary>
    public static MigrationTarget Database { get; } = new(schemaName: null, isFirstInDatabase: true, isShared: false, []);

    /// <summary>Null when the target is the whole database.</summary>
    public string? SchemaName { get; }

    /// <summary>False when an earlier replay of the same files in this database has installed the extensions that all schemas share.</summary>
    public bool IsFirstInDatabase { get; }

    /// <summary>Whether the database is somebody else's, where nothing is made or dropped outside the schema.</summary>
    public bool IsShared { get; }

    /// <summary>Null for the database's own.</summary>
    public string? SearchPath { get; }

    /// <param name="name">A schema that exists: in one that does not, the objects would be made in <c>public</c>.</param>
    /// <param name="isFirstInDatabase"><inheritdoc cref="IsFirstInDatabase" path="/summary"/></param>
    public static MigrationTarget Schema(string name, bool isFirstInDatabase) => new(name, isFirstInDatabase, isShared: false, [Postgres.SchemaName.Public]);

    /// <param name="name">A schema that exists, in somebody else's database.</param>
    /// <param name="extensionSchemas">Where the extensions are that the migrations need.</param>
    public static MigrationTarget SharedSchema(string name, IReadOnlyList<string> extensionSchemas) => new(name, isFirstInDatabase: false, isShared: true, extensionSchemas);

    /// <summary>Undoes what the file before has set, so that each file finds what it would find alone: what a new connection finds.</summary>
    /// <remarks>RESET ALL leaves the role alone, in both its forms.</remarks>
    public IEnumerable<string> SetUp()
    {
        yield return "reset session authorization";
        yield return "reset role";
        yield return "reset all";
        yield return TakeSettings;
        yield return "discard temp";
        yield return "deallocate all";
        yield return "close all";
        if (SearchPath is not null)
            yield return $"set search_path to {SearchPath}";
    }
}
