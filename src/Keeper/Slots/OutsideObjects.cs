using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>What tests made outside their schemas, and which of them can have made it.</summary>
/// <remarks>
/// Each look lists what is there. What it finds for the first time was made by one of those who held a lease in the database since
/// the look before; what it finds no more was cleaned up.
/// </remarks>
internal sealed class OutsideObjects
{
    private readonly object gate = new();
    private readonly Dictionary<DatabaseName, Looks> databases = [];

    /// <summary>What the last look at each database found.</summary>
    public IReadOnlyList<OutsideObject> Found
    {
        get
        {
            lock (gate)
                return [.. databases.SelectMany(database => database.Value.Found.Select(found => new OutsideObject(database.Key, found.Key, found.Value)))];
        }
    }

    /// <summary>The databases in which leases have ended that no look has followed.</summary>
    public IReadOnlyList<DatabaseName> Unseen
    {
        get
        {
            lock (gate)
                return [.. databases.Where(database => database.Value.Ended.Count > 0).Select(database => database.Key)];
        }
    }

    public void Hold(DatabaseName database, int lease)
    {
        lock (gate)
            Of(database).Held.Add(lease);
    }

    public void Release(DatabaseName database, int lease)
    {
        lock (gate)
        {
            if (Of(database).Held.Remove(lease))
                Of(database).Ended.Add(lease);
        }
    }

    /// <returns>To be told what the look has found.</returns>
    public Action<IReadOnlyCollection<string>> BeginLook(DatabaseName database)
    {
        lock (gate)
        {
            var looks = Of(database);
            var number = ++looks.Begun;
            int[] ended = [.. looks.Ended];
            int[] suspects = [.. ended.Concat(looks.Held).Order()];
            return names => EndLook(looks, number, ended, suspects, names);
        }
    }

    private void EndLook(Looks looks, int number, int[] ended, int[] suspects, IReadOnlyCollection<string> names)
    {
        lock (gate)
        {
            // A younger look has ended first, and knows better.
            if (number < looks.Ends)
                return;

            looks.Ends = number;
            looks.Found = names.ToDictionary(name => name, name => looks.Found.GetValueOrDefault(name, suspects), StringComparer.Ordinal);
            looks.Ended.ExceptWith(ended);
        }
    }

    private Looks Of(DatabaseName database)
    {
        if (!databases.TryGetValue(database, out var looks))
            databases[database] = looks = new Looks();
        return looks;
    }

    private sealed class Looks
    {
        public HashSet<int> Held { get; } = [];

        /// <summary>Leases that have ended since the last look began.</summary>
        public HashSet<int> Ended { get; } = [];

        public IReadOnlyDictionary<string, int[]> Found { get; set; } = new Dictionary<string, int[]>(StringComparer.Ordinal);

        public int Begun { get; set; }

        public int Ends { get; set; }
    }
}
