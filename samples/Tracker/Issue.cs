namespace Tracker;

/// <param name="Id">Its number, from 1.</param>
/// <param name="Title">What it is about.</param>
/// <param name="IsClosed">Whether it is done with.</param>
/// <param name="DuplicateOf">The issue it was merged into, or null when it was not.</param>
public sealed record Issue(long Id, string Title, bool IsClosed = false, long? DuplicateOf = null);
