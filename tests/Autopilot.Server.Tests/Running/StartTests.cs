using System.Globalization;

namespace Autopilot.Server.Tests.Running;

/// <summary>The real program: what it says about settings that are missing, doubled or contradictory, and how it ends.</summary>
public sealed class StartTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("Cce:Endpoint", null, "Cce:Region")]
    [InlineData("AutopilotStorage", null, "AutopilotStorage")]
    [InlineData("Cce:SecretKey", null, "Cce:SecretKey")]
    [InlineData("Cce:Token", "a-token-besides-the-keys", "Cce:Token")]
    [InlineData("PollSchedule", "every minute", "PollSchedule")]
    [InlineData("Polling:CycleBudget", "4", "Polling:CycleBudget")]
    [InlineData("Server:ApiKeys:0", "short", "Server:ApiKeys:0")]
    [InlineData("Server:ApiKeys:0", "", "Server:ApiKeys:0")]
    [InlineData("Server:ApiKeys", "given-without-its-number", "Server:ApiKeys")]
    [InlineData("Server:ManageKeys:0", "@Microsoft.KeyVault(SecretUri=https://v.example/s)", "Server:ManageKeys:0")]
    [InlineData("Server:ManageKeys:0", "a key with blanks in it", "Server:ManageKeys:0")]
    [InlineData("Server:RequestsPerMinute", "0", "Server:RequestsPerMinute")]
    [InlineData("Server:CorsOrigins:0", "*", "Server:CorsOrigins:0")]
    [InlineData("Server:CorsOrigins:0", "https://portal.example.com/", "Server:CorsOrigins:0")]
    [InlineData("Server:CorsOrigins:0", "portal.example.com", "Server:CorsOrigins:0")]
    [InlineData("Tracking:Workflows:0", "not/three/", "Tracking:Workflows:0")]
    public async Task A_setting_that_is_missing_or_wrong_stops_the_start_and_is_named(string setting, string? value, string named)
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings[setting] = value;
        await using var server = ServerProcess.Start(settings);

        Assert.Equal(78, await server.ExitAsync());
        Assert.StartsWith("setting: ", server.Error, StringComparison.Ordinal);
        Assert.Contains(named, server.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Error + server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(TestSettings.SecretKey, server.Error + server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_setting_is_reported_at_once_each_on_its_own_line()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["AutopilotStorage"] = null;
        settings["Cce:SecretKey"] = null;
        settings["PollSchedule"] = "* * *";
        settings["Server:ApiKeys:0"] = TestKeys.Api;
        settings["Server:ApiKeys:1"] = TestKeys.Api;
        settings["Server:ManageKeys:0"] = TestKeys.Api;
        settings["Tracking:Workflows:0"] = "p/c/w";
        settings["Tracking:Workflows:1"] = "p/c/W";
        await using var server = ServerProcess.Start(settings);

        Assert.Equal(78, await server.ExitAsync());
        var lines = server.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.All(lines, line => Assert.StartsWith("setting: ", line, StringComparison.Ordinal));
        foreach (
            var named in new[]
            {
                "AutopilotStorage",
                "Cce:SecretKey",
                "PollSchedule",
                "Server:ApiKeys:1",
                "Server:ManageKeys:0",
                "Tracking:Workflows:1",
            }
        )
        {
            Assert.Contains(lines, line => line.Contains(named, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(TestKeys.Api, server.Error + server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Server:ApiKeys", "setting: Server:ApiKeys is a single value: it is a list, so give Server:ApiKeys:0, Server:ApiKeys:1, …")]
    [InlineData(
        "Server:ManageKeys:0",
        "setting: Server:ManageKeys:0 holds a blank or another character that no header can carry: give printable ASCII characters."
    )]
    public async Task A_wrong_key_is_reported_without_the_key(string setting, string message)
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings[setting] = "a key-that-nobody-may-read";
        await using var server = ServerProcess.Start(settings);

        Assert.Equal(78, await server.ExitAsync());
        Assert.Equal(message, server.Error.TrimEnd());
        Assert.DoesNotContain("nobody-may-read", server.Error + server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://example.com:0")]
    [InlineData("http://192.168.1.1:0")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0")]
    public async Task Without_keys_an_address_that_others_reach_is_refused(string urls)
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["urls"] = null;
        await using var server = ServerProcess.Start(settings, "--urls", urls);

        Assert.Equal(78, await server.ExitAsync());
        Assert.Contains("Server:ApiKeys:0", server.Error, StringComparison.Ordinal);
        Assert.Contains(urls.Split(';')[^1], server.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_HTTP_PORTS", "0")]
    [InlineData("Kestrel:Endpoints:Open:Url", "http://0.0.0.0:0")]
    public async Task Without_keys_the_other_ways_to_open_an_address_are_refused_too(string setting, string value)
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["urls"] = null;
        settings[setting] = value;
        await using var server = ServerProcess.Start(settings);

        Assert.Equal(78, await server.ExitAsync());
        Assert.Contains("no key is set", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_key_every_address_may_be_listened_on()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["urls"] = "http://0.0.0.0:0";
        settings["Server:ManageKeys:0"] = TestKeys.Manage;
        await using var server = await ServerProcess.ServeAsync(settings);

        Assert.Equal("0.0.0.0", server.Address.Host);
        await server.TerminateAsync();
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task With_a_key_what_is_no_address_is_reported_in_a_line_too()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["urls"] = "127.0.0.1:7072";
        settings["Server:ManageKeys:0"] = TestKeys.Manage;
        await using var server = ServerProcess.Start(settings);

        Assert.Equal(78, await server.ExitAsync());
        Assert.Contains("urls is '127.0.0.1:7072', which is no address", server.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Error + server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://localhost:{0}")]
    [InlineData("http://*:{0}")]
    [InlineData("http://0.0.0.0:{0}")]
    public async Task A_taken_address_is_reported_in_a_line(string url)
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Server:ManageKeys:0"] = TestKeys.Manage;
        await using var first = await ServerProcess.ServeAsync(settings);
        settings["urls"] = string.Format(CultureInfo.InvariantCulture, url, first.Address.Port);
        await using var second = ServerProcess.Start(settings);

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains("cannot listen:", second.Error, StringComparison.Ordinal);
        Assert.Contains("already in use", second.Error, StringComparison.Ordinal);
        Assert.Contains("--urls http://127.0.0.1:", second.Error, StringComparison.Ordinal);
        Assert.Single(second.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", second.Error + second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_command_is_answered_with_the_usage()
    {
        await using var server = ServerProcess.Start(new Dictionary<string, string?>(), "chekc");
        Assert.Equal(2, await server.ExitAsync());
        Assert.Contains("unknown command: is check meant?", server.Error, StringComparison.Ordinal);
        Assert.Contains("usage:", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_needs_no_settings_and_is_that_of_the_health_route()
    {
        await using var server = ServerProcess.Start(new Dictionary<string, string?>(), "--version");

        Assert.Equal(0, await server.ExitAsync());
        Assert.Matches(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9a-f]+)?\s*$", server.Output);
        Assert.StartsWith(Api.ProductVersion.Number, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_needs_no_settings()
    {
        await using var server = ServerProcess.Start(new Dictionary<string, string?>(), "--help");
        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains("check", server.Output, StringComparison.Ordinal);
        Assert.Equal("", server.Error);
    }

    [Fact]
    public async Task A_settings_file_that_is_no_json_is_named()
    {
        await using var server = ServerProcess.Start(new Dictionary<string, string?>(), "--contentRoot", CreateBrokenSettings());
        Assert.Equal(78, await server.ExitAsync());
        Assert.Contains("appsettings.json", server.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);
    }

    private static string CreateBrokenSettings()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "broken-settings");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), "{ \"Cce\": ");
        return folder;
    }
}
