namespace SchemaIsolation.Keeper.Resets;

/// <summary>What was written to the catalogues.</summary>
/// <param name="Catalogues">Those that differ; none when what was written is what was there before.</param>
/// <param name="Objects">What was made or changed, as far as it has a name; what was dropped has none any more.</param>
internal sealed record CatalogueChange(IReadOnlyList<string> Catalogues, IReadOnlyList<string> Objects)
{
    public bool IsReal => Catalogues.Count > 0;

    public override string ToString()
    {
        if (Objects.Count > 0)
            return MessageText.List(Objects);
        var isOfPlanner = Catalogues.All(catalogue => catalogue is "pg_statistic" or "pg_stats");
        return $"what {MessageText.List(Catalogues)} lists{(isOfPlanner ? ", or the server's autovacuum did" : string.Empty)}";
    }
}
