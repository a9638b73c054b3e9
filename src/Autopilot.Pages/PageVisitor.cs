namespace Autopilot.Pages;

/// <summary>
/// Who looks at a page: a feature of the request that a host sets once it has checked the caller. Without it a page shows no data.
/// </summary>
/// <param name="MayChange">Whether the caller may change what is tracked.</param>
public sealed record PageVisitor(bool MayChange);
