using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Functions.Tests;

public sealed partial class FunctionTableTests
{
    [Fact]
    public void The_functions_are_these()
    {
        var functions = DeclaredFunction
            .All.OrderBy(function => function.Name, StringComparer.Ordinal)
            .Select(function =>
                function switch
                {
                    { Timer: { } timer } => $"{function.Name} | timer | {timer.Schedule} | the platform",
                    { Queue: { } queue } => $"{function.Name} | queue | {queue.QueueName} of {queue.Connection} | the platform",
                    { Http: { } http } => $"{function.Name} | "
                        + $"{(http.Methods is { Length: > 0 } methods ? string.Join(", ", methods).ToUpperInvariant() : "any method")} "
                        + $"| {http.Route} | {http.AuthLevel}",
                    _ => $"{function.Name} | nothing calls it",
                }
            );

        Assert.Equal(
            [
                "Health | GET, HEAD | api/health/{*path} | Anonymous",
                "Mcp | any method | api/mcp | Function",
                "Poll | POST | api/{*path} | Function",
                "PollShard | queue | %PollQueue% of AutopilotStorage | the platform",
                "PollTimer | timer | %PollSchedule% | the platform",
                "Query | GET, HEAD | api/{*path} | Function",
                "RetentionTimer | timer | %RetentionSchedule% | the platform",
                "Track | PUT, DELETE | api/{*path} | Function",
            ],
            functions
        );
    }

    [Fact]
    public void Every_name_is_one_that_the_worker_takes_and_is_the_name_of_its_class()
    {
        Assert.All(
            DeclaredFunction.All,
            function =>
            {
                Assert.Matches(WorkersRule(), function.Name);
                Assert.Equal(function.Method.DeclaringType!.Name, function.Name);
            }
        );
        Assert.Distinct(DeclaredFunction.All.Select(function => function.Name), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void No_route_begins_with_what_the_platform_keeps_for_itself() =>
        Assert.All(
            DeclaredFunction.All.Where(function => function.Http is not null),
            function =>
            {
                Assert.DoesNotMatch("(?i)^/?(admin|runtime)", function.Http!.Route);
                // The prefix in host.json is empty, so that a route says all of its path; a leading slash would be refused.
                Assert.StartsWith("api/", function.Http.Route, StringComparison.Ordinal);
            }
        );

    [Fact]
    public void The_level_is_always_given_since_without_one_none_reaches_the_metadata() =>
        Assert.All(
            DeclaredFunction.All.Where(function => function.Http is not null),
            function =>
            {
                var trigger = function
                    .Method.GetParameters()
                    .SelectMany(parameter => parameter.CustomAttributes)
                    .Single(attribute => attribute.AttributeType.Name == "HttpTriggerAttribute");
                Assert.Equal("AuthorizationLevel", trigger.ConstructorArguments[0].ArgumentType.Name);
            }
        );

    [Fact]
    public void A_timer_has_no_options_so_it_never_runs_on_startup_and_remembers_missed_ticks() =>
        Assert.All(
            DeclaredFunction.All.Where(function => function.Timer is not null),
            function =>
            {
                var parameters = function.Method.GetParameters();
                var trigger = Assert.Single(
                    parameters.SelectMany(parameter => parameter.CustomAttributes),
                    attribute => attribute.AttributeType.Name == "TimerTriggerAttribute"
                );
                Assert.Empty(trigger.NamedArguments);
            }
        );

    [Fact]
    public void An_http_function_takes_the_request_and_returns_nothing_for_the_worker() =>
        Assert.All(
            DeclaredFunction.All.Where(function => function.Http is not null),
            function =>
            {
                Assert.Equal(typeof(HttpRequest), Assert.Single(function.Method.GetParameters()).ParameterType);
                Assert.Equal(typeof(Task), function.Method.ReturnType);
            }
        );

    [Fact]
    public void Each_function_is_a_sealed_internal_class_with_one_method() =>
        Assert.All(
            DeclaredFunction.All,
            function =>
            {
                Assert.True(function.Method.DeclaringType is { IsSealed: true, IsPublic: false });
                Assert.Single(DeclaredFunction.All, other => other.Method.DeclaringType == function.Method.DeclaringType);
                Assert.True(function.Method is { IsPublic: true, IsStatic: false });
            }
        );

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9_\-]{0,127}$")]
    private static partial Regex WorkersRule();
}
