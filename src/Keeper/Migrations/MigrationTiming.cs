namespace SchemaIsolation.Keeper.Migrations;

internal sealed record MigrationTiming(string Name, TimeSpan Elapsed);
