using SchemaIsolation.Keeper.Reporting;

namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Database">The template.</param>
/// <param name="Name">What leases call it.</param>
/// <param name="Kind">"schema" or "database".</param>
/// <param name="IsReused">Whether it was there already.</param>
/// <param name="Milliseconds">What it took to find or build it.</param>
internal sealed record TemplateAnswer(string Database, string Name, string Kind, bool IsReused, double Milliseconds)
{
    public static TemplateAnswer From(ReportedTemplate template) => new(template.Name, template.Template, template.Kind, template.IsReused, template.Milliseconds);
}
