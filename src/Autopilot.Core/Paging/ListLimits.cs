namespace Autopilot.Core.Paging;

/// <summary>What ends a page before it is full. Nothing else does.</summary>
public static class ListLimits
{
    /// <summary>Time after which a page of finished entries is answered as far as it got. What is active is always read whole.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(8);

    /// <summary>Bytes of a page's entries as JSON; the one that exceeds it begins the next page.</summary>
    public const int Bytes = 8 * 1024 * 1024;
}
