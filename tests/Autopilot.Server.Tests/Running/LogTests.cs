using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Autopilot.Simulator.Fleet;

namespace Autopilot.Server.Tests.Running;

/// <summary>What an operator reads.</summary>
public sealed partial class LogTests(AzuriteFixture azurite)
{
    private readonly SimulatedFleet _fleet = SimulatedFleet.Create(3, seed: 7);

    [Fact]
    public async Task A_cycle_is_one_line_with_a_time_in_utc_and_a_get_is_none()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        await using var server = await ServerProcess.ServeAsync(upstream.Settings(azurite.ConnectionString, _fleet));
        using (await server.Client.PostAsync("/api/poll", null))
        using (await server.Client.GetAsync("/api/workflows"))
        {
            await server.SaidAsync("POST /api/poll answered 200");
        }

        await server.TerminateAsync();
        await server.ExitAsync();

        var lines = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.Contains($"Autopilot.Server {Api.ProductVersion.Full} starts on .NET 10.", lines[0], StringComparison.Ordinal);
        var cycle = Assert.Single(lines, line => line.Contains("Cycle: ", StringComparison.Ordinal));
        foreach (var figure in new[] { "polled 3", "changed 3", "failed 0", "skipped 0", "conflicts 0", "ambiguous 0", " s" })
        {
            Assert.Contains(figure, cycle, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(
            lines,
            line => line.Contains("GET ", StringComparison.Ordinal) || line.Contains("HttpClient", StringComparison.Ordinal)
        );
        Assert.Equal("", server.Error);
    }

    [Fact]
    public async Task Schedule_that_means_something_else_is_a_warning_at_start()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["RetentionSchedule"] = "0 0 3 * * FRI-MON";
        await using var server = await ServerProcess.ServeAsync(settings);
        await server.SaidAsync("'FRI-MON' of its weekdays runs backward: NCRONTAB takes it as Mon-Fri");
        await server.TerminateAsync();
        await server.ExitAsync();

        Assert.Matches(@"weekdays Mon-Fri; next at [\d-]+ 03:00:00, [\d-]+ 03:00:00 and [\d-]+ 03:00:00 UTC\.", server.Output);
    }

    [Fact]
    public async Task The_log_can_be_json_a_document_a_line()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        await using var server = await ServerProcess.ServeAsync(
            upstream.Settings(azurite.ConnectionString, _fleet),
            "--Logging:Console:FormatterName=json"
        );
        using (await server.Client.PostAsync("/api/poll", null))
        {
            await server.SaidAsync("POST /api/poll answered 200");
        }

        await server.TerminateAsync();
        await server.ExitAsync();

        var records = server
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        Assert.All(
            records,
            record => Assert.EndsWith("Z", record.GetProperty("Timestamp").GetString()!.TrimEnd(), StringComparison.Ordinal)
        );
        var cycle = Assert.Single(records, record => record.GetProperty("EventId").GetInt32() == 1001);
        Assert.Equal(3, cycle.GetProperty("State").GetProperty("Polled").GetInt32());
    }

    [Fact]
    public async Task No_key_and_no_secret_is_logged_however_much_is_asked_for()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["Server:ApiKeys:0"] = TestKeys.Api;
        settings["Cce:SecurityToken"] = "a-security-token-that-nobody-may-see";
        settings["Logging:LogLevel:Default"] = "Trace";
        settings["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace";
        settings["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace";
        settings["Logging:Console:LogLevel:Default"] = "Trace";
        settings["Logging:Console:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace";
        settings["Logging:Console:LogLevel:Microsoft.AspNetCore.Server.Kestrel.BadRequests"] = "Trace";
        await using var server = await ServerProcess.ServeAsync(settings);

        using (var list = await server.Client.GetAsync($"/api/workflows?code={TestKeys.Api}"))
        {
            Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        }

        using (var poll = await server.Client.PostAsync($"/api/poll?due=true&code={TestKeys.Api}", null))
        {
            Assert.Equal(HttpStatusCode.OK, poll.StatusCode);
        }

        using (var missing = await server.Client.GetAsync($"/no/such/route?code={TestKeys.Api}"))
        {
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }

        using (var byHeader = new HttpRequestMessage(HttpMethod.Get, "/api/workflows"))
        {
            byHeader.Headers.Add("x-functions-key", TestKeys.Api);
            using var answer = await server.Client.SendAsync(byHeader);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        await SendRawAsync(server.Address, $"GET /api/workflows?code={TestKeys.Api} and a blank HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        await server.SaidAsync("GET /api/workflows answered 200");
        await server.TerminateAsync();
        await server.ExitAsync();

        Assert.Contains("dbug: ", server.Output, StringComparison.Ordinal);
        foreach (
            var secret in new[]
            {
                TestKeys.Api,
                upstream.Options.SecretKey,
                "a-security-token-that-nobody-may-see",
                "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
            }
        )
        {
            var leak = server
                .Output.Split('\n')
                .Concat(server.Error.Split('\n'))
                .FirstOrDefault(line => line.Contains(secret, StringComparison.Ordinal));
            Assert.Null(leak);
        }
    }

    [Fact]
    public async Task An_unknown_setting_is_logged_at_the_start_without_its_value()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Cce:SecrtKey"] = "a-value-that-nobody-may-see";
        await using var server = await ServerProcess.ServeAsync(settings);

        Assert.Contains(
            "Setting Cce:SecrtKey is not a setting of this version and does nothing: is Cce:SecretKey meant?",
            server.Output,
            StringComparison.Ordinal
        );
        Assert.Single(server.Output.Split('\n'), line => line.Contains("is not a setting of this version", StringComparison.Ordinal));
        Assert.DoesNotContain("nobody-may-see", server.Output + server.Error, StringComparison.Ordinal);
    }

    private static async Task SendRawAsync(Uri address, string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.Contains("400", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trce|dbug|info|warn|fail|crit): ")]
    private static partial Regex Line();
}
