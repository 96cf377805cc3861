namespace Tracker;

public sealed record Comment(string Author, string Body);
