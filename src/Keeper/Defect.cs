namespace SchemaIsolation.Keeper;

/// <summary>The coded error for what nobody foresaw.</summary>
internal static class Defect
{
    public static SchemaIsolationException Describe(Exception exception)
        => new("SI1999", $"The keeper met something it does not know, which is a defect of SchemaIsolation. Report it with this text: {exception.GetType().Name}: {exception.Message} {exception.StackTrace}", exception);
}
