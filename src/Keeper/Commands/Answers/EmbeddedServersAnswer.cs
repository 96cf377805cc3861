namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Directory">Where they are kept.</param>
/// <param name="Servers">Those that there are.</param>
internal sealed record EmbeddedServersAnswer(string Directory, IReadOnlyList<EmbeddedServerAnswer> Servers);

/// <param name="Name">Its version, and where its programs come from.</param>
/// <param name="State">"running", "stopped", or what became of it: "ended", "deleted", "in use".</param>
/// <param name="Process">Its process id; null when it does not run.</param>
/// <param name="Since">Since when it runs.</param>
/// <param name="KeptUntil">Until when it runs on without a session; null when it is not kept.</param>
/// <param name="Bytes">On the disk.</param>
internal sealed record EmbeddedServerAnswer(string Name, string State, int? Process, DateTimeOffset? Since, DateTimeOffset? KeptUntil, long Bytes);
