using System.Text;
using Autopilot.Api.Parameters;

namespace Autopilot.OpenApi;

/// <summary>The tables of parameters in the pages for people, in Markdown.</summary>
internal static class ParameterTables
{
    /// <summary>The parameters of operations and their bodies, each with the operations that take it.</summary>
    public static string OfOperations(IEnumerable<MappedRoute> routes) =>
        Table(
            "operations",
            parameter => parameter.Several && parameter != ParameterCatalog.PlannedCluster,
            routes.SelectMany(route =>
                route
                    .Parameters.InPath.Concat(route.InQuery)
                    .Select(parameter => (parameter, NameOf(route)))
                    .Concat((route.Body?.Members ?? []).Select(member => (member, $"body of {NameOf(route)}")))
            )
        );

    /// <summary>The arguments of tools.</summary>
    /// <param name="tools">Each with its arguments.</param>
    public static string OfTools(IEnumerable<(string Name, IReadOnlyList<Parameter> Arguments)> tools) =>
        Table("tools", TakesList, tools.SelectMany(tool => tool.Arguments.Select(argument => (argument, $"`{tool.Name}`"))));

    /// <summary>A tool takes one word, and a list of texts as one string.</summary>
    private static bool TakesList(Parameter argument) => argument is { Several: true, Kind: not ParameterKind.Word };

    private static string Table(string users, Func<Parameter, bool> isList, IEnumerable<(Parameter Parameter, string User)> uses)
    {
        var table = new StringBuilder($"| parameter | values | default | meaning | {users} |\n|---|---|---|---|---|\n");
        foreach (var use in uses.GroupBy(use => use.Parameter, use => use.User))
        {
            string[] cells =
            [
                $"`{use.Key.Name}`",
                $"{ValuesOf(use.Key)}{(isList(use.Key) ? "; several" : "")}",
                use.Key.Default is { } otherwise ? $"`{otherwise}`" : "",
                Cell(use.Key.Description),
                string.Join(", ", use),
            ];
            table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        }

        return table.ToString();
    }

    /// <summary>A route as people write it: with one placeholder for every id.</summary>
    private static string NameOf(MappedRoute route)
    {
        var parts = route.Path.Split('/').Select(part => part.EndsWith("Id}", StringComparison.Ordinal) ? "{id}" : part);
        return $"`{route.Method} {string.Join('/', parts)}`";
    }

    private static string ValuesOf(Parameter parameter) =>
        parameter.Kind switch
        {
            ParameterKind.Flag => "`true`, `false`",
            ParameterKind.Word => string.Join(", ", parameter.Words.Select(word => $"`{word}`")),
            ParameterKind.Id => "an id",
            ParameterKind.Reference => "an id or a name",
            ParameterKind.Instant => "an instant or a date",
            ParameterKind.Number => parameter.Maximum is { } maximum ? $"{parameter.Minimum}–{maximum}" : $"from {parameter.Minimum} on",
            _ => $"1–{parameter.MaxLength} characters",
        };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
