using System.Text.RegularExpressions;
using Autopilot.Api.Mcp;
using Autopilot.Api.Parameters;
using Autopilot.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.OpenApi;

/// <summary>
/// Holds the tables of parameters in <c>docs/http.md</c> and <c>docs/mcp.md</c> against the catalogue. <c>UPDATE_GOLDEN=1</c> writes them.
/// </summary>
public sealed partial class ParameterTableTests
{
    [Fact]
    public async Task The_page_of_the_routes_has_each_parameter_of_the_catalogue()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        Matches("http.md", ParameterTables.OfOperations(MappedRoute.Of(app.Services.GetRequiredService<EndpointDataSource>())));
    }

    [Fact]
    public void The_page_of_the_tools_has_each_argument_of_the_catalogue() =>
        Matches(
            "mcp.md",
            ParameterTables.OfTools(
                UpgradeTool.All.Select(tool => (tool.ProtocolTool.Name, tool.Metadata.OfType<ToolArgumentsAttribute>().Single().Parameters))
            )
        );

    [Fact]
    public async Task Each_parameter_of_the_catalogue_is_taken_by_a_route_or_a_tool()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        var taken = MappedRoute
            .Of(app.Services.GetRequiredService<EndpointDataSource>())
            .SelectMany(route => route.Parameters.InPath.Concat(route.Parameters.InQuery).Concat(route.Body?.Members ?? []))
            .Concat(UpgradeTool.All.SelectMany(tool => tool.Metadata.OfType<ToolArgumentsAttribute>().Single().Parameters))
            .ToHashSet();
        var known = typeof(ParameterCatalog)
            .GetProperties()
            .ToDictionary(member => member.Name, member => (Parameter)member.GetValue(null)!);

        Assert.Empty(known.Where(one => !taken.Contains(one.Value)).Select(one => one.Key));
        Assert.Empty(taken.Except(known.Values).Select(one => one.Name));
    }

    private static void Matches(string page, string table)
    {
        var path = Repository.PathOf("docs", page);
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.Matches(Section(), text);
        var made = Section().Replace(text, section => $"{section.Groups["begin"].Value}\n{table}{section.Groups["end"].Value}");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, made);
            text = made;
        }

        Assert.Equal(made, text);
    }

    [GeneratedRegex("(?<begin><!-- parameters: written by a test -->\n).*?(?<end>\n<!-- end of parameters -->)", RegexOptions.Singleline)]
    private static partial Regex Section();
}
