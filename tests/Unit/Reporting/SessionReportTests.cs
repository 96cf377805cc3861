using SchemaIsolation.Keeper.Reporting;

namespace SchemaIsolation.Tests.Unit.Reporting;

public sealed class SessionReportTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string directory = Directory.CreateTempSubdirectory("si-report-").FullName;

    private string ReportFile => Path.Join(directory, SessionReport.FileName);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task It_is_written_as_json_that_people_can_read()
    {
        var report = new SessionReport
        {
            Session = "0a1b2c3d",
            Project = "/src/App.Tests",
            StartedAt = Start,
            EndedAt = Start.AddSeconds(2),
            SweepMilliseconds = 12.5,
            Server = new ReportedServer("db:5432", "15.18", IsEmbedded: false, IsDurable: true),
            Isolation = [new ReportedIsolation("default", "Auto", "Schema", Refusal: null)],
            Injected = new ReportedInjection("si_d_0a1b2c3d_1", ["ConnectionStrings__Default", "PGHOST"]),
            Templates = [new ReportedTemplate("si_t_0123456789abcdef", "default", "schema", IsReused: false, 3, [new ReportedMigration("0001_packs.sql", 2, 1.5)])],
            Counts = new ReportedCounts(Leases: 2, Made: 8, Dropped: 8, Left: 0),
            Leases =
            [
                new ReportedLease(1, "PackTests.Größe + <1>", "schema", "Migrated", "si_s_0a1b2c3d_0.test_1", Start.AddSeconds(1), 0.25, 40, IsReleased: true, DirtiedBy: "PackTests.Commits"),
                new ReportedLease(2, "RuleTests.Fires", "database", "NameOnly", "si_d_0a1b2c3d_1", Start.AddSeconds(1), 0, null, IsReleased: false, DirtiedBy: null, Outcome: "Failed"),
            ],
            Leaks = [new ReportedLeak(LeakKind.Transaction, ["PackTests.Größe + <1>"], [1], "Connections open at the release: 2, of them in a transaction: 1.")],
            Retired = [new ReportedRetirement("si_d_0a1b2c3d_1", 2, "RuleTests.Fires", "it changed table t")],
            Resets = [new ReportedReset("si_s_0a1b2c3d_0.test_1", 1, Start.AddSeconds(1), 6.5, ResetOutcome.Dropped, Next: null)],
            Kept = [new ReportedKept("si_k_0a1b2c3d_1", 1, ["N.PackTests.Größe"], Start.AddDays(1))],
            Sweeps = [new ReportedSweep("app_test", "start", 3, [new ReportedSchema("test_1", "It's \"held\".")], 7)],
            Log = [new LogEntry(Start, LogLevel.Warning, "It's \"here\".")],
            EarlierRuns = [SampleReports.Run(1, leases: 3)],
        };

        await report.WriteAsync(ReportFile);

        Assert.Equal(
            """
            {
              "format": 1,
              "session": "0a1b2c3d",
              "project": "/src/App.Tests",
              "startedAt": "2026-01-01T00:00:00+00:00",
              "endedAt": "2026-01-01T00:00:02+00:00",
              "sweepMilliseconds": 12.5,
              "server": {
                "address": "db:5432",
                "version": "15.18",
                "isEmbedded": false,
                "isDurable": true
              },
              "isolation": [
                {
                  "template": "default",
                  "asked": "Auto",
                  "chosen": "Schema",
                  "refusal": null
                }
              ],
              "injected": {
                "database": "si_d_0a1b2c3d_1",
                "variables": [
                  "ConnectionStrings__Default",
                  "PGHOST"
                ]
              },
              "templates": [
                {
                  "name": "si_t_0123456789abcdef",
                  "template": "default",
                  "kind": "schema",
                  "isReused": false,
                  "milliseconds": 3,
                  "migrations": [
                    {
                      "name": "0001_packs.sql",
                      "runs": 2,
                      "milliseconds": 1.5
                    }
                  ]
                }
              ],
              "counts": {
                "leases": 2,
                "made": 8,
                "dropped": 8,
                "left": 0
              },
              "leases": [
                {
                  "number": 1,
                  "test": "PackTests.Größe + <1>",
                  "kind": "schema",
                  "content": "Migrated",
                  "slot": "si_s_0a1b2c3d_0.test_1",
                  "leasedAt": "2026-01-01T00:00:01+00:00",
                  "waitedMilliseconds": 0.25,
                  "heldMilliseconds": 40,
                  "isReleased": true,
                  "dirtiedBy": "PackTests.Commits",
                  "outcome": null
                },
                {
                  "number": 2,
                  "test": "RuleTests.Fires",
                  "kind": "database",
                  "content": "NameOnly",
                  "slot": "si_d_0a1b2c3d_1",
                  "leasedAt": "2026-01-01T00:00:01+00:00",
                  "waitedMilliseconds": 0,
                  "heldMilliseconds": null,
                  "isReleased": false,
                  "dirtiedBy": null,
                  "outcome": "Failed"
                }
              ],
              "leaks": [
                {
                  "kind": "Transaction",
                  "tests": [
                    "PackTests.Größe + <1>"
                  ],
                  "leases": [
                    1
                  ],
                  "what": "Connections open at the release: 2, of them in a transaction: 1."
                }
              ],
              "retired": [
                {
                  "slot": "si_d_0a1b2c3d_1",
                  "lease": 2,
                  "test": "RuleTests.Fires",
                  "reason": "it changed table t"
                }
              ],
              "resets": [
                {
                  "slot": "si_s_0a1b2c3d_0.test_1",
                  "lease": 1,
                  "startedAt": "2026-01-01T00:00:01+00:00",
                  "milliseconds": 6.5,
                  "outcome": "Dropped",
                  "next": null
                }
              ],
              "kept": [
                {
                  "database": "si_k_0a1b2c3d_1",
                  "lease": 1,
                  "tests": [
                    "N.PackTests.Größe"
                  ],
                  "until": "2026-01-02T00:00:00+00:00"
                }
              ],
              "sweeps": [
                {
                  "database": "app_test",
                  "when": "start",
                  "dropped": 3,
                  "kept": [
                    {
                      "name": "test_1",
                      "reason": "It's \"held\"."
                    }
                  ],
                  "milliseconds": 7
                }
              ],
              "log": [
                {
                  "at": "2026-01-01T00:00:00+00:00",
                  "level": "Warning",
                  "message": "It's \"here\"."
                }
              ],
              "earlierRuns": [
                {
                  "session": "00000001",
                  "startedAt": "2025-12-14T03:04:05+00:00",
                  "suiteMilliseconds": 1520,
                  "leases": 3,
                  "waitedMedianMilliseconds": 2.1,
                  "waitedP95Milliseconds": 31,
                  "made": 8,
                  "retired": 0,
                  "left": 0
                }
              ]
            }
            """,
            await File.ReadAllTextAsync(ReportFile));
    }

    [Fact]
    public async Task A_session_without_a_server_says_null()
    {
        var report = SampleReports.Empty() with { Server = null };

        await report.WriteAsync(ReportFile);

        Assert.Contains("\"server\": null,\n  \"isolation\": [],\n  \"injected\": null,\n  \"templates\": [],", await File.ReadAllTextAsync(ReportFile), StringComparison.Ordinal);
    }
}
