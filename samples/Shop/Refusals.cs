using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Shop;

/// <summary>What the database refuses, as an answer of the API.</summary>
internal static class Refusals
{
    /// <summary>Saves what was added, unless another has its key already or a check forbids it.</summary>
    /// <returns>Null when it was saved.</returns>
    public static async Task<IResult?> TrySaveAsync(this ShopContext shop, string what)
    {
        try
        {
            await shop.SaveChangesAsync();
            return null;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return TypedResults.Conflict($"There is such a {what} already.");
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.CheckViolation } refused)
        {
            return TypedResults.BadRequest($"The {what} breaks the rule {refused.ConstraintName}.");
        }
    }
}
