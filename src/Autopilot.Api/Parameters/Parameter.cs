using System.Diagnostics.CodeAnalysis;
using Autopilot.Api.Requests;

namespace Autopilot.Api.Parameters;

/// <summary>
/// A parameter of the API: its name, values and meaning. Requests are read by it; the OpenAPI document, the input schemas of the tools and
/// the tables of <c>docs/http.md</c> and <c>docs/mcp.md</c> are made of it.
/// </summary>
internal abstract class Parameter(string name, ParameterKind kind, string description)
{
    /// <summary>As documents write it; a query may give it in any case.</summary>
    public string Name { get; } = name;

    public ParameterKind Kind { get; } = kind;

    /// <summary>What it means, as one or more sentences; what its kind says is not repeated.</summary>
    public string Description { get; } = description;

    /// <summary>What is allowed, as the end of "'name' must be …"; of words by default which there are.</summary>
    [AllowNull]
    public string Rule
    {
        get => field ??= $"one of {string.Join(", ", Words)}";
        init;
    }

    /// <summary>Whether it must be given.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it takes several values, repeated or separated by commas; any other parameter is given once.</summary>
    public bool Several { get; init; }

    /// <summary>Longest value, in characters.</summary>
    public int MaxLength { get; init; } = QueryLimit.MaxValue;

    /// <summary>Longest text of all its values together, in characters.</summary>
    public int MaxText { get; init; } = QueryLimit.MaxValue;

    /// <summary>Smallest number.</summary>
    public long Minimum { get; init; } = 1;

    /// <summary>Greatest number; null where there is none.</summary>
    public long? Maximum { get; init; }

    /// <summary>The only values that there are; empty for any.</summary>
    public IReadOnlyList<string> Words => field ??= WordsOf();

    /// <summary>
    /// Makes <see cref="Words"/> where they are asked for first: every start makes the catalogue, and few requests need them.
    /// </summary>
    public Func<IReadOnlyList<string>> WordsOf { private get; init; } = () => [];

    /// <summary>The value that stands where none is given, as a query writes it; null where there is none.</summary>
    public string? Default { get; init; }

    /// <summary>A value, as a query writes it.</summary>
    public string? Example { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
