namespace SchemaIsolation.Keeper.Inspection;

/// <param name="Database">A database of a session.</param>
/// <param name="Application">What its connections call themselves: the test that has leased it, unless it says otherwise.</param>
/// <param name="Connections">How many there are.</param>
internal sealed record SlotWork(string Database, string Application, int Connections);
