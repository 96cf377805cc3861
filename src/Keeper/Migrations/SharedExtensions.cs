using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Extensions belong to a database, not to a schema: the first copy's replay installs them for all the others, or they are there already in somebody else's database.</summary>
internal sealed class SharedExtensions
{
    private const string SaveSearchPath = "select pg_catalog.set_config('schema_isolation.search_path', pg_catalog.current_setting('search_path'), false)";
    private const string SearchPublic = "set search_path to public";
    private const string RestoreSearchPath = "select pg_catalog.set_config('search_path', pg_catalog.current_setting('schema_isolation.search_path'), false)";

    private readonly bool isForSchema;
    private readonly bool areGiven;
    private readonly HashSet<string> installedByEarlierCopy;

    private SharedExtensions(bool isForSchema, bool areGiven, IEnumerable<string> installedByEarlierCopy)
    {
        this.isForSchema = isForSchema;
        this.areGiven = areGiven;
        this.installedByEarlierCopy = new HashSet<string>(installedByEarlierCopy, StringComparer.Ordinal);
    }

    public static async Task<SharedExtensions> ReadAsync(
        NpgsqlConnection connection, IEnumerable<SqlScript> scripts, MigrationTarget target, CancellationToken cancellationToken)
    {
        var mayBeInstalled = !target.IsFirstInDatabase && !target.IsShared && scripts.Any(script => script.Statements.Any(IsCreate));
        return new SharedExtensions(target.SchemaName is not null, target.IsShared, mayBeInstalled ? await ListAsync(connection, cancellationToken) : []);
    }

    /// <returns>The statement as it is run: itself, for an extension in <c>public</c>, or not at all when an earlier copy ran it.</returns>
    public IEnumerable<SqlStep> StepsOf(SqlStatement statement)
    {
        if (IsDrop(statement))
            installedByEarlierCopy.ExceptWith(statement.Words.Skip(2).Select(word => word.Identifier));
        if (!isForSchema || !IsCreate(statement))
            return [new SqlStep(statement)];

        // The proof has seen that it is there.
        if (areGiven)
            return [];

        // Once only: a file that creates it a second time meets what it met in the first copy.
        if (installedByEarlierCopy.Remove(NameIn(statement)))
            return [];

        // The search path, not an added SCHEMA clause, because an extension whose control file names a schema refuses the clause.
        return statement.Contains("schema")
            ? [new SqlStep(statement)]
            : [new SqlStep(SaveSearchPath), new SqlStep(SearchPublic), new SqlStep(statement), new SqlStep(RestoreSearchPath)];
    }

    private static async Task<IReadOnlyList<string>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(Sql.ListExtensions, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var names = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
                names.Add(reader.GetString(0));
            return names;
        }
        catch (NpgsqlException exception)
        {
            throw ServerFailure.OnStatement("Listing the installed extensions", exception);
        }
    }

    /// <returns>Each extension that a statement creates, with the statement.</returns>
    public static IEnumerable<(string Name, SqlStatement Statement)> FindCreated(IEnumerable<SqlScript> scripts)
        => scripts.SelectMany(script => script.Statements).Where(IsCreate).Select(statement => (NameIn(statement), statement));

    private static bool IsCreate(SqlStatement statement) => statement.StartsWith("create extension") && statement.Words.Count > 2;

    private static bool IsDrop(SqlStatement statement) => statement.StartsWith("drop extension");

    private static string NameIn(SqlStatement statement)
        => statement.Words[statement.StartsWith("create extension if not exists") && statement.Words.Count > 5 ? 5 : 2].Identifier;
}
