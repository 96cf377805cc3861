using System.Globalization;
using System.Text.Json;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sessions;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>Keepers of several machines that share one server: each is a process with a slow way of its own to it.</summary>
[Trait("Version", "Any")]
public sealed class ManyMachinesTests(PlainServer server) : IClassFixture<PlainServer>
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(2);

    [Fact]
    public Task Three_machines_build_one_template_and_see_nothing_of_each_other() => ShareAsync("three", machines: 3, leases: 2);

    [Fact]
    [Trait("Run", "All")]
    public Task Sixteen_machines_build_one_template_and_see_nothing_of_each_other() => ShareAsync("sixteen", machines: 16, leases: 4);

    private async Task ShareAsync(string name, int machines, int leases)
    {
        await Psql.RunAsync(server.Superuser, "postgres", $"create role {name} login createdb");

        var reports = await Task.WhenAll(Enumerable.Range(1, machines).Select(machine => RunAsync(name, machine, leases)));

        var templates = reports.SelectMany(report => report.GetProperty("templates").EnumerateArray()).ToList();
        Assert.Single(templates.Select(template => template.GetProperty("name").GetString()).Distinct());
        Assert.Equal(machines, templates.Count);
        Assert.Single(templates, template => !template.GetProperty("isReused").GetBoolean());
        Assert.All(reports, report => Assert.Equal(0, report.GetProperty("counts").GetProperty("left").GetInt32()));
        Assert.Equal("", await Psql.RunAsync(server.Superuser, "postgres", $"select datname from pg_database d join pg_roles r on r.oid = datdba where rolname = '{name}' and not datistemplate"));
    }

    private async Task<JsonElement> RunAsync(string name, int machine, int leases)
    {
        await using var way = new DelayProxy(server.Port, Delay);
        using var project = new ProjectDirectory().File("migrations/1.sql", $"create table rows (n text); comment on table rows is '{name}'");
        project.Configure(server: null, ("Server", string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={way.Port};Username={name}")), ("Reuse", "Fenced"));
        await using var keeper = await KeeperProcess.StartAsync(project.Path, Directory.CreateDirectory(Path.Combine(project.Path, "tmp")).FullName);

        await Task.WhenAll(Enumerable.Range(1, leases).Select(lease => UseAsync(keeper, $"machine {machine}, lease {lease}")));

        Assert.DoesNotContain("<error", await keeper.EndAsync(), StringComparison.Ordinal);
        return JsonDocument.Parse(keeper.Report!).RootElement;
    }

    private static async Task UseAsync(KeeperProcess keeper, string row)
    {
        for (var test = 0; test < 2; test++)
        {
            await using var lease = await keeper.LeaseAsync();
            for (var time = 1; time <= 3; time++)
                Assert.Equal(string.Join(", ", Enumerable.Repeat(row, time)), await Psql.RunAsync(lease.ConnectionString, $"insert into rows values ('{row}')", "select n from rows"));
        }
    }
}
