using System.Globalization;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>The names of leased schemas. They need no session in them: the database they are in has it.</summary>
internal static class SchemaName
{
    public static string For(int number) => "test_" + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Where names lead in a migrated one: <c>public</c> holds the extensions of the migrations.</summary>
    public static string SearchPathOf(string schema) => $"{schema},public";
}
