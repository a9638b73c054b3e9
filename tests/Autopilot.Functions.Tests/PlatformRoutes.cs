using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Functions.Tests;

/// <summary>Which function a request reaches, under the two orders in which a platform may try the functions' routes.</summary>
internal static class PlatformRoutes
{
    /// <summary>
    /// The order of the functions' names, the first match wins, however unspecific. Null where the platform answers 404 itself.
    /// </summary>
    public static DeclaredFunction? FirstByName(string method, string path) =>
        DeclaredFunction
            .All.Where(function => function.Http is not null)
            .OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(function =>
                (function.Http!.Methods is not { Length: > 0 } methods || methods.Contains(method, StringComparer.OrdinalIgnoreCase))
                && new TemplateMatcher(TemplateParser.Parse(function.Http.Route!), []).TryMatch(path, [])
            );

    /// <summary>The most specific route wins: ordinary ASP.NET Core routing.</summary>
    public static async Task<DeclaredFunction?> MostSpecificAsync(string method, string path)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddRouting()
            .AddMetrics()
            .AddSingleton(new System.Diagnostics.DiagnosticListener("test"))
            .BuildServiceProvider();
        DeclaredFunction? reached = null;
        var router = new ApplicationBuilder(services)
            .UseRouting()
            .UseEndpoints(endpoints =>
            {
                foreach (var function in DeclaredFunction.All.Where(function => function.Http is not null))
                {
                    endpoints.MapMethods(
                        function.Http!.Route!,
                        function.Http.Methods ?? [],
                        _ =>
                        {
                            reached = function;
                            return Task.CompletedTask;
                        }
                    );
                }
            })
            .Build();

        await router(new DefaultHttpContext { RequestServices = services, Request = { Method = method, Path = path } });
        return reached;
    }
}
