namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>The fewest lines to take away and to add, by the longest common subsequence.</summary>
internal static class LineDifference
{
    /// <returns>Those lines, with "- " and "+ " before them, in their order; none of those that are in both.</returns>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var common = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
        {
            for (var j = after.Count - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var lines = new List<string>();
        var (left, right) = (0, 0);
        while (left < before.Count || right < after.Count)
        {
            if (left < before.Count && right < after.Count && before[left] == after[right])
                (left, right) = (left + 1, right + 1);
            else if (right == after.Count || (left < before.Count && common[left + 1, right] >= common[left, right + 1]))
                lines.Add("- " + before[left++]);
            else
                lines.Add("+ " + after[right++]);
        }

        return lines;
    }
}
