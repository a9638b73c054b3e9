namespace Autopilot.Api.OpenApi;

/// <summary>What sets a route apart from the others.</summary>
[Flags]
internal enum RouteTraits
{
    None = 0,

    /// <summary>The route needs no key.</summary>
    Anonymous = 1,

    /// <summary>Answers without the storage, so it cannot miss it.</summary>
    NeedsNoStorage = 2,
}
