using Autopilot.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Parameters;

/// <summary>The texts of the parameters of a request: of its query, of its body, or of a tool's call.</summary>
internal readonly struct ParameterValues
{
    private readonly IQueryCollection? _query;
    private readonly IReadOnlyDictionary<string, string>? _members;

    private ParameterValues(IQueryCollection query) => _query = query;

    /// <param name="members">The texts by the parameters' names, each as a query would write it.</param>
    public ParameterValues(IReadOnlyDictionary<string, string> members) => _members = members;

    /// <summary>The text; null where it was not given. Repeated values are joined by commas.</summary>
    public string? this[Parameter parameter] => _query is null ? _members?.GetValueOrDefault(parameter.Name) : _query[parameter.Name];

    /// <summary>Those of a query.</summary>
    public static ParameterValues Of(HttpRequest request) => new(request.Query);

    /// <inheritdoc cref="TypedParameter{T}.TryRead"/>
    /// <param name="parameter">Which one.</param>
    public bool TryRead<T>(TypedParameter<T> parameter, out T? value, out Problem? problem) =>
        parameter.TryRead(this[parameter], out value, out problem);
}
