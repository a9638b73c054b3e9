namespace Autopilot.Pages;

/// <summary>
/// Who looks at a page: a feature of the request that a host sets once it has checked the caller. Without it a page shows no data.
/// </summary>
public sealed record PageVisitor;
