using Autopilot.Api;
using Autopilot.Api.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Autopilot.Functions.Tests;

public sealed class FunctionAppTests
{
    [Fact]
    public void Every_function_can_be_created_from_the_hosts_own_services()
    {
        using var host = Host(HostSettings.Enough);

        // As the worker makes them: a scope for each invocation.
        using var invocation = host.Services.CreateScope();
        Assert.All(
            DeclaredFunction.All,
            function =>
                Assert.IsType(
                    function.Method.DeclaringType!,
                    ActivatorUtilities.CreateInstance(invocation.ServiceProvider, function.Method.DeclaringType!)
                )
        );
    }

    [Fact]
    public void Missing_settings_stop_the_app_at_its_start_and_are_named()
    {
        using var host = Host([]);

        var thrown = Assert.ThrowsAny<Exception>(host.Services.GetRequiredService<IStartupValidator>().Validate);

        var messages = (thrown as AggregateException)?.InnerExceptions.Select(inner => inner.Message).ToList() ?? [thrown.Message];
        Assert.Contains(messages, message => message.Contains("Cce:Region", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.Contains("AutopilotStorage", StringComparison.Ordinal));
    }

    [Fact]
    public void The_settings_of_the_sample_suffice_once_they_are_filled_in()
    {
        using var host = Host(
            Sample()
                .ToDictionary(setting => setting.Key, string? (setting) => setting.Value!.StartsWith('<') ? "filled-in-1" : setting.Value)
        );

        host.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal("filled-in-1", host.Services.GetRequiredService<IConfiguration>()["Cce:Region"]);
    }

    [Fact]
    public void An_unfilled_sample_stops_the_start_and_names_every_placeholder()
    {
        using var host = Host(Sample());

        var thrown = Assert.Throws<OptionsValidationException>(host.Services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Equal(
            ["Cce:Region", "Cce:ProjectId", "Cce:AccessKey", "Cce:SecretKey"],
            thrown.Failures.Select(failure => failure.Split(' ')[0])
        );
        Assert.All(thrown.Failures, failure => Assert.Contains("placeholder", failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_workers_routing_left_on_the_request_is_cleared_before_ours_begins()
    {
        using var host = Host(HostSettings.Enough);
        var context = new DefaultHttpContext { RequestServices = host.Services, Request = { Method = "GET", Path = "/api/nowhere" } };
        FunctionsOnLoopback.RouteAsTheWorkerDoes(context, nameof(Query));

        await new Query(host.Services.GetRequiredService<AutopilotPipeline>()).RunAsync(context.Request);

        Assert.Equal(StatusCodes.Status404NotFound, context.Response.StatusCode);
        Assert.Null(context.GetEndpoint());
        Assert.Empty(context.Request.RouteValues);
    }

    [Fact]
    public void The_worker_uses_the_AspNetCore_integration_which_gives_the_HttpContext()
    {
        using var host = Host(HostSettings.Enough);

        // Where the platform's host is to forward requests to.
        Assert.Contains("HttpUri", host.Services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities.Keys);
    }

    [Fact]
    public async Task Schedule_that_means_something_else_is_a_warning_at_start()
    {
        var log = new FakeLogCollector();
        // The worker's own service wants to know its host.
        using var host = Host(
            new(HostSettings.Enough) { ["PollSchedule"] = "0 */5 22-6 * * *", ["Functions:Worker:HostEndpoint"] = "http://127.0.0.1:9" },
            log
        );
        var notice = Assert.Single(host.Services.GetServices<IHostedService>(), service => service.GetType().Name == "ScheduleNotice");

        await notice.StartAsync(TestContext.Current.CancellationToken);

        var warning = Assert.Single(log.GetSnapshot(), record => record.Id.Name == "ScheduleMisread");
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.StartsWith(
            "PollSchedule is '0 */5 22-6 * * *': '22-6' of its hours runs backward: NCRONTAB takes it as 6-22",
            warning.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Schedule_with_a_step_below_1_stops_the_app_at_its_start()
    {
        using var host = Host(new(HostSettings.Enough) { ["PollSchedule"] = "0 */-5 * * * *" });

        var thrown = Assert.Throws<OptionsValidationException>(host.Services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("'*/-5' has a step below 1", Assert.Single(thrown.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_over_HTTP_ends_after_20_seconds()
    {
        using var host = Host(new(HostSettings.Enough));

        Assert.Equal(TimeSpan.FromSeconds(20), host.Services.GetRequiredService<WaitLimit>().Longest);
    }

    /// <summary>As the Core Tools hand it on: by way of the environment.</summary>
    private static Dictionary<string, string?> Sample() =>
        new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "local.settings.sample.json"))
            .Build()
            .GetSection("Values")
            .AsEnumerable(makePathsRelative: true)
            .Where(setting => setting.Value is not null)
            .ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value);

    private static IHost Host(Dictionary<string, string?> settings, FakeLogCollector? log = null)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddAutopilot();
        if (log is not null)
        {
            builder.Logging.AddProvider(new FakeLoggerProvider(log));
        }

        return builder.Build();
    }
}
