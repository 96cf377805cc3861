using Microsoft.EntityFrameworkCore;
using Npgsql;
using SchemaIsolation;

namespace Tracker.Tests;

/// <summary>EF Core in the transaction of a test: its context gets the provider's connection, and is told the transaction.</summary>
public sealed class EntityFrameworkTests(TrackerDatabase database) : IClassFixture<TrackerDatabase>
{
    [Fact]
    public async Task What_one_context_saves_another_reads()
    {
        await using var connection = database.CreateConnection();
        await using var transaction = await TestTransaction.BeginAsync(connection);
        await using (var saving = await Labels.InAsync(connection, transaction))
        {
            saving.Add(new Label { Name = "later" });
            await saving.SaveChangesAsync();
        }

        await using var reading = await Labels.InAsync(connection, transaction);
        Assert.Equal(["bug", "later", "urgent"], await reading.All.Select(label => label.Name).Order().ToListAsync());
    }

    [Fact]
    public async Task Every_test_finds_the_labels_of_the_class()
    {
        await using var connection = database.CreateConnection();
        await using var transaction = await TestTransaction.BeginAsync(connection);
        await using var labels = await Labels.InAsync(connection, transaction);

        Assert.Equal(["bug", "urgent"], await labels.All.Select(label => label.Name).Order().ToListAsync());
    }

    [Fact]
    public async Task A_save_that_fails_does_not_end_the_test()
    {
        await using var connection = database.CreateConnection();
        await using var transaction = await TestTransaction.BeginAsync(connection);
        await using var failing = await Labels.InAsync(connection, transaction);
        failing.AddRange(new Label { Name = "later" }, new Label { Name = "Not Lower Case" });

        await Assert.ThrowsAsync<DbUpdateException>(() => failing.SaveChangesAsync()); // EF Core goes back to a savepoint of its own.

        await using var labels = await Labels.InAsync(connection, transaction);
        Assert.Equal(["bug", "urgent"], await labels.All.Select(label => label.Name).Order().ToListAsync());
    }

    [Fact]
    public async Task Code_that_commits_is_found_out()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = db.CreateConnection();
        var transaction = await TestTransaction.BeginAsync(connection);
        await using var labels = await Labels.InAsync(connection, transaction);
        labels.Add(new Label { Name = "later" });
        await labels.SaveChangesAsync();

        await labels.Database.CommitTransactionAsync();

        var ended = await Assert.ThrowsAsync<SchemaIsolationException>(async () => await transaction.DisposeAsync());
        Assert.Equal("SI2009", ended.Code);
    }

    private sealed class Label
    {
        public required string Name { get; init; }
    }

    private sealed class Labels(NpgsqlConnection connection) : DbContext
    {
        public DbSet<Label> All => Set<Label>();

        public static async Task<Labels> InAsync(NpgsqlConnection connection, TestTransaction transaction)
        {
            var labels = new Labels(connection);
            await labels.Database.UseTransactionAsync(transaction.Transaction);
            return labels;
        }

        protected override void OnConfiguring(DbContextOptionsBuilder builder) => builder.UseNpgsql(connection);

        protected override void OnModelCreating(ModelBuilder builder)
            => builder.Entity<Label>(label =>
            {
                label.ToTable("labels").HasKey(row => row.Name);
                label.Property(row => row.Name).HasColumnName("name");
            });
    }
}
