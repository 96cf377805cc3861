namespace SchemaIsolation.Keeper.Postgres;

/// <summary>SQL about templates and their copies.</summary>
internal static class TemplateSql
{
    /// <summary>Published templates that our role may drop, with their comments; <see cref="DatabaseName.TryParse"/> decides.</summary>
    public const string ListTemplates =
        """
        select datname::text, coalesce(pg_catalog.shobj_description(oid, 'pg_database'), '') from pg_catalog.pg_database
        where datname like 'si\_t\_%' and datistemplate and not datallowconn and pg_catalog.pg_has_role(datdba, 'USAGE')
        order by datname
        """;

    /// <summary>Each is its own transaction. The setting stays on the connection, where only such statements read it, and each brings its own.</summary>
    public static IEnumerable<string> CreateDatabase(string name, string template, CloneStrategy? strategy, ServerFeatures features)
    {
        if (features.HasFileCopyMethod && strategy is CloneStrategy.FileCopy or CloneStrategy.FileClone)
            yield return $"set file_copy_method = {(strategy == CloneStrategy.FileClone ? "clone" : "copy")}";

        yield return $"create database {Identifier.Quote(name)} template {Identifier.Quote(template)}" + strategy switch
        {
            null => string.Empty,
            CloneStrategy.WalLog => " strategy wal_log",
            _ => " strategy file_copy",
        };
    }
}
