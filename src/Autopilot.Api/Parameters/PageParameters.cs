using System.Globalization;
using Autopilot.Api.Problems;

namespace Autopilot.Api.Parameters;

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Size">Null where none is given.</param>
/// <param name="Token">Null for the first page.</param>
internal sealed record PageParameters(int? Size, string? Token)
{
    /// <summary>In the order in which documents list them.</summary>
    public static IReadOnlyList<Parameter> All { get; } = [ParameterCatalog.PageSize, ParameterCatalog.ContinuationToken];

    public int SizeOrDefault => Size ?? ParameterCatalog.DefaultPageSize;

    /// <summary>The size as the link to the next page has it; without a value where none is given.</summary>
    public (Parameter Parameter, string? Value) InLink => (ParameterCatalog.PageSize, Size?.ToString(CultureInfo.InvariantCulture));

    /// <param name="values">Of the request.</param>
    /// <param name="page">The first page where neither is given.</param>
    /// <param name="problem">The first mistake; null where there is none.</param>
    public static bool TryRead(ParameterValues values, out PageParameters page, out Problem? problem)
    {
        string? token = null;
        var isRead =
            values.TryRead(ParameterCatalog.PageSize, out var size, out problem)
            && values.TryRead(ParameterCatalog.ContinuationToken, out token, out problem);
        page = new PageParameters(size, token);
        return isRead;
    }
}
