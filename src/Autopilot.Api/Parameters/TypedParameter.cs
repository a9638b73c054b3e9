using System.Diagnostics.CodeAnalysis;
using Autopilot.Api.Problems;

namespace Autopilot.Api.Parameters;

/// <summary>A parameter with the type of its value.</summary>
/// <typeparam name="T">Of the value; nullable where the parameter may be missing.</typeparam>
internal sealed class TypedParameter<T>(string name, ParameterKind kind, string description, ParameterReader<T> read)
    : Parameter(name, kind, description)
{
    /// <summary>The problem of a text that breaks the rule; by default <see cref="ProblemCode.InvalidParameter"/>.</summary>
    public Func<Problem>? Invalid { get; init; }

    /// <summary>Reads a text that may be missing.</summary>
    /// <param name="text">Null where it was not given.</param>
    /// <param name="value">Default where it was not given.</param>
    /// <param name="problem">Null where the text keeps the rule, or was not given.</param>
    public bool TryRead(string? text, out T? value, out Problem? problem)
    {
        (value, problem) = (default, null);
        return text is null || TryReadGiven(text, out value, out problem);
    }

    /// <summary>Reads a text that is there, such as a part of the path.</summary>
    public bool TryReadGiven(string text, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        if (read(text, out value) && value is not null)
        {
            problem = null;
            return true;
        }

        problem = Invalid?.Invoke() ?? ProblemFactory.InvalidParameter(Name, Rule);
        return false;
    }
}
