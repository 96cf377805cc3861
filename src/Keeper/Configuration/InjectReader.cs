using Microsoft.Extensions.Configuration;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>Reads which variables one layer injects.</summary>
/// <param name="origin">How a message names the layer.</param>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed class InjectReader(string origin, ICollection<string> mistakes)
{
    private const string ConnectionString = nameof(ConnectionString);
    private const string Variable = nameof(Variable);
    private const string Libpq = nameof(Libpq);
    private const string Name = nameof(Name);
    private const string Format = nameof(Format);

    // .NET's configuration reads such a variable as the key "ConnectionStrings:…".
    private const string ConnectionStringPrefix = "ConnectionStrings__";
    private const string OwnPrefix = "SCHEMAISOLATION_";

    private static readonly string[] Kinds = [ConnectionString, Variable, Libpq];

    private static readonly InjectedVariable[] LibpqVariables =
    [
        new("PGHOST", VariableFormat.Host),
        new("PGPORT", VariableFormat.Port),
        new("PGUSER", VariableFormat.Username),
        new("PGPASSWORD", VariableFormat.Password),
        new("PGDATABASE", VariableFormat.Database),
        new("PGOPTIONS", VariableFormat.Options),
        new("PGSSLMODE", VariableFormat.SslMode),
        new("PGSSLROOTCERT", VariableFormat.SslRootCertificate),
        new("PGSSLCERT", VariableFormat.SslCertificate),
        new("PGSSLKEY", VariableFormat.SslKey),
        new("PGPASSFILE", VariableFormat.Passfile),
    ];

    /// <returns>Those that have no mistake.</returns>
    public IReadOnlyList<InjectedVariable> Read(IConfigurationSection section)
    {
        // Windows takes names that differ in case alone for one.
        var byName = ConfigurationList.Sections(section).SelectMany(ReadItem).GroupBy(variable => variable.Name, StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var several in byName.Where(variables => variables.Count() > 1))
            Mistake(section, $"sets the variable \"{several.Key}\" {several.Count()} times; legal is once.");
        return [.. byName.Select(variables => variables.First())];
    }

    private IEnumerable<InjectedVariable> ReadItem(IConfigurationSection item)
    {
        var kinds = item.GetChildren().ToList();
        if (kinds.Count == 0)
            Mistake(item, $"is \"{item.Value}\"; legal are {string.Join(", ", Kinds)}.");
        foreach (var unknown in kinds.Where(kind => !Kinds.Contains(kind.Key, StringComparer.OrdinalIgnoreCase)))
            Mistake(item, $"has \"{unknown.Key}\"; legal are {string.Join(", ", Kinds)}.");

        return
        [
            .. Each(item, ConnectionString).Select(one => ReadVariable(one, ConnectionStringPrefix, [Name])).OfType<InjectedVariable>(),
            .. Each(item, Variable).Select(one => ReadVariable(one, string.Empty, [Name, Format])).OfType<InjectedVariable>(),
            .. Each(item, Libpq).SelectMany(ReadLibpq),
        ];
    }

    private static IEnumerable<IConfigurationSection> Each(IConfigurationSection item, string kind)
        => item.GetSection(kind) is var section && section.Exists() ? ConfigurationList.Sections(section) : [];

    /// <returns>Null when it has a mistake.</returns>
    private InjectedVariable? ReadVariable(IConfigurationSection variable, string prefix, string[] keys)
    {
        var before = mistakes.Count;
        foreach (var unknown in variable.GetChildren().Where(child => !keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            Mistake(variable, $"has \"{unknown.Key}\"; legal {(keys.Length == 1 ? "is" : "are")} {string.Join(", ", keys)}.");

        var name = ReadName(variable, prefix);
        var format = keys.Contains(Format) ? ReadFormat(variable) : VariableFormat.Keywords;
        return mistakes.Count == before ? new InjectedVariable(prefix + name, format) : null;
    }

    private string? ReadName(IConfigurationSection variable, string prefix)
    {
        var name = variable[Name] ?? variable.Value;
        if (string.IsNullOrEmpty(name))
            Mistake(variable, $"has no {Name}; it is the name under which the application looks for its database.");
        else if (!IsVariableName(prefix + name))
            Mistake(variable, $"has {Name} \"{MessageText.Cut(name)}\"; legal are letters, digits, \"_\", \".\" and \"-\", and no digit first.");
        else if ((prefix + name).StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase))
            Mistake(variable, $"has {Name} \"{name}\"; legal is one that does not begin with \"{OwnPrefix}\", as our own do.");
        return name;
    }

    private static bool IsVariableName(string name)
        => !char.IsAsciiDigit(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-');

    private VariableFormat ReadFormat(IConfigurationSection variable)
    {
        if (variable[Format] is not { } format)
            return VariableFormat.Keywords;
        if (Enum.GetNames<VariableFormat>().FirstOrDefault(name => name.Equals(format, StringComparison.OrdinalIgnoreCase)) is { } known)
            return Enum.Parse<VariableFormat>(known);
        Mistake(variable, $"has {Format} \"{MessageText.Cut(format)}\"; legal are {string.Join(", ", Enum.GetNames<VariableFormat>())}.");
        return default;
    }

    private InjectedVariable[] ReadLibpq(IConfigurationSection libpq)
    {
        // An element says it by being there.
        if (libpq.GetChildren().FirstOrDefault() is { } unknown)
            Mistake(libpq, $"has \"{unknown.Key}\"; legal is nothing in it.");
        else if (libpq.Value is "" || (bool.TryParse(libpq.Value, out var isWanted) && isWanted))
            return LibpqVariables;
        else if (!bool.TryParse(libpq.Value, out _))
            Mistake(libpq, $"is \"{MessageText.Cut(libpq.Value ?? string.Empty)}\"; legal are true and false.");
        return [];
    }

    private void Mistake(IConfigurationSection section, string what) => mistakes.Add($"\"{section.Path}\" in {origin} {what}");
}
