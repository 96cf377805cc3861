namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>What ended a lease, in the words of the page and its styles.</summary>
internal static class LeaseEnding
{
    public const string Released = "released";
    public const string Dirtied = "dirtied";
    public const string Lost = "lost";

    public static string Of(ReportedLease lease) => lease switch
    {
        { DirtiedBy: not null } => Dirtied,
        { IsReleased: true } => Released,
        _ => Lost,
    };

    public static string Describe(ReportedLease lease) => Of(lease) switch
    {
        Dirtied => "released, after its code had ended the transaction",
        Released => "released",
        _ => lease.HeldMilliseconds is null ? "never ended" : "never released",
    };
}
