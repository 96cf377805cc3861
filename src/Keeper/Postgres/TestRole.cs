using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>A role whose rights tests have, although the keeper's connects: no password of its own has to be known.</summary>
internal static class TestRole
{
    /// <summary>Makes the role when there is none.</summary>
    /// <exception cref="SchemaIsolationException">SI1111: it cannot be made, or acted as, or is a superuser.</exception>
    public static async Task EnsureAsync(PostgresServer server, string role, CancellationToken cancellationToken)
    {
        if (await FindAsync(server, role, cancellationToken) is null)
            await CreateAsync(server, role, cancellationToken);

        var (isSuperuser, isOurs) = await FindAsync(server, role, cancellationToken) ?? throw Refusal(role, "is gone again. Run the tests again.");
        if (isSuperuser)
            throw Refusal(role, "is a superuser, for whom no grant matters. Name another in TestRole, or leave it out.");
        if (!isOurs)
            throw Refusal(role, $"is not one that \"{server.Description.Role}\" may act as. Run \"{Sql.GrantRole(role, server.Description.Role)}\" as a superuser.");
    }

    /// <summary>As an option of a connection, with which it acts as the role from its start, and after a DISCARD ALL.</summary>
    public static string Option(string role) => $"-c role={ServerOptions.Escape(role)}";

    private static async Task<(bool IsSuperuser, bool IsOurs)?> FindAsync(PostgresServer server, string role, CancellationToken cancellationToken)
        => (await server.ListAsync(Sql.FindRole(server.Description.Features), cancellationToken, role)) is [var row] ? (row[0] == "true", row[1] == "true") : null;

    private static async Task CreateAsync(PostgresServer server, string role, CancellationToken cancellationToken)
    {
        try
        {
            await server.ExecuteAsync(Sql.CreateRole(role), cancellationToken);
            if (!server.Description.IsSuperuser)
                await server.ExecuteAsync(Sql.GrantRole(role, server.Description.Role), cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation) // 42710, 23505
        {
            // Another session was quicker.
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReservedName) // 42501, 42939
        {
            throw Refusal(role, $"does not exist and cannot be made by \"{server.Description.Role}\". Run \"{Sql.CreateRole(role)}\" as a superuser: {exception.MessageText}", exception);
        }
    }

    private static SchemaIsolationException Refusal(string role, string why, Exception? innerException = null)
        => new("SI1111", $"The role \"{role}\" {why}", innerException);
}
