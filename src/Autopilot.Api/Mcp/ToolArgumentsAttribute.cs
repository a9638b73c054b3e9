using Autopilot.Api.Parameters;

namespace Autopilot.Api.Mcp;

/// <summary>
/// The arguments of a tool: names of members of <see cref="ParameterCatalog"/>, in the order in which its schema lists them.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolArgumentsAttribute(params string[] members) : Attribute
{
    public IReadOnlyList<Parameter> Parameters { get; } = [.. members.Select(Find)];

    private static Parameter Find(string member) =>
        typeof(ParameterCatalog).GetProperty(member)?.GetValue(null) as Parameter
        ?? throw new InvalidOperationException($"{nameof(ParameterCatalog)} has no parameter {member}.");
}
