namespace SchemaIsolation.Keeper.Resets;

/// <param name="Name">The catalogue.</param>
/// <param name="Count">Its rows that are not the server's own.</param>
/// <param name="Newer">Those written since the database was cloned.</param>
/// <param name="Content">A hash of them, where that was asked for; of what has no such times of writing always.</param>
internal sealed record CatalogueCount(string Name, long Count, long Newer, string? Content)
{
    public bool IsTouched(Pristine pristine)
        => Newer > 0 || Count != pristine.Catalogues[Name].Count || (Content is not null && Content != pristine.Catalogues[Name].Content);
}
