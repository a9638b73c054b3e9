using Microsoft.AspNetCore.Http;

namespace Autopilot.Functions;

/// <summary>
/// The paths that each HTTP function serves. The platform has chosen the function, and so the key, by its own parse of the path; the
/// pipeline parses the path again. Where the two disagree the request is rejected, so that no odd spelling leads past a key.
/// </summary>
internal static class FunctionPathGuard
{
    /// <summary>The probes' paths, which need no key.</summary>
    public static bool OfHealth(PathString path) => path.StartsWithSegments("/api/health", StringComparison.OrdinalIgnoreCase);

    /// <summary>The assistants' one path, with a key of its own.</summary>
    public static bool OfMcp(PathString path) =>
        path.StartsWithSegments("/api/mcp", StringComparison.OrdinalIgnoreCase, out var rest) && (!rest.HasValue || rest == "/");

    /// <summary>Every other path; of the probes' paths only the methods that they do not have get here.</summary>
    public static bool OfTheRest(PathString path) => !OfMcp(path);

    /// <summary>Answers like the platform where it knows no function: 404 without a body.</summary>
    public static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
