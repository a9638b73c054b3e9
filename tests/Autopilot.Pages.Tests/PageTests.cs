using System.Net;
using Autopilot.Core.Listing;
using Autopilot.Core.Rows;
using Autopilot.Pages.Responses;
using Autopilot.Pages.Tests.Running;
using Autopilot.Server.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Pages.Tests;

/// <summary>Pages over HTTP.</summary>
public sealed partial class PageTests(AzuriteFixture azurite)
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    [Fact]
    public async Task Every_page_has_strict_headers_and_an_unknown_one_is_a_problem()
    {
        await using var server = await PagesServer.StartAsync(azurite.ConnectionString);
        await server.AddFleetAsync();
        foreach (
            var (path, status) in new[]
            {
                ("/", 200),
                ("/?view=finished", 200),
                ("/?assessment=Blocked&q=JAKARTA&page=7", 200),
                ("/?assessment=Nothing&view=x&page=-1&unknown=1", 200),
                ("/?view=finished&after=nonsense", 400),
                ($"/upgrades/{PagesServer.Blocked}", 200),
                ("/upgrades/checkout-jakarta-1", 200),
                ($"/upgrades/{PagesServer.Blocked}/history", 200),
                ($"/upgrades/{PagesServer.Blocked}/history?after=nonsense", 400),
                ($"/upgrades/{PagesServer.Blocked}/history/1", 200),
                ($"/upgrades/{PagesServer.Blocked}/history/99", 404),
                ($"/upgrades/{PagesServer.Blocked}/history/x", 400),
                ("/upgrades/44444444-4444-4444-8444-444444444444", 404),
                ("/upgrades/%20", 400),
            }
        )
        {
            using var answer = await server.Client.GetAsync(path);
            Assert.Equal((path, status), (path, (int)answer.StatusCode));
            Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal(Policy, Header(answer, "Content-Security-Policy"));
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
            Assert.Equal("no-store", Header(answer, "Cache-Control"));
        }
    }

    [Fact]
    public async Task The_fleet_page_filters_by_assessment_and_by_part_of_a_name()
    {
        await using var server = await PagesServer.StartAsync(azurite.ConnectionString);
        await server.AddFleetAsync();
        var all = await server.Client.GetStringAsync("/");
        Assert.Contains("checkout-jakarta-1", all, StringComparison.Ordinal);
        Assert.Contains("billing-lima-2", all, StringComparison.Ordinal);
        Assert.DoesNotContain("media-dublin-3", all, StringComparison.Ordinal);
        Assert.True(all.IndexOf("checkout", StringComparison.Ordinal) < all.IndexOf("billing", StringComparison.Ordinal));
        Assert.Contains("1 Blocked", all, StringComparison.Ordinal);
        Assert.DoesNotContain("billing-lima-2", await server.Client.GetStringAsync("/?assessment=blocked"), StringComparison.Ordinal);
        Assert.DoesNotContain("checkout-jakarta-1", await server.Client.GetStringAsync("/?q=LIMA"), StringComparison.Ordinal);
        Assert.Contains("No active upgrade matches", await server.Client.GetStringAsync("/?q=nothing"), StringComparison.Ordinal);
        Assert.Contains("media-dublin-3", await server.Client.GetStringAsync("/?view=finished"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_upgrade_the_page_says_how_to_track_one()
    {
        await using var server = await PagesServer.StartAsync(azurite.ConnectionString);
        var page = await server.Client.GetStringAsync("/");
        Assert.Contains("No upgrade is tracked", page, StringComparison.Ordinal);
        Assert.Contains("curl -X PUT", page, StringComparison.Ordinal);
        Assert.Contains("No upgrade has ended yet", await server.Client.GetStringAsync("/?view=finished"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fragment_that_is_known_is_answered_with_304()
    {
        await using var server = await PagesServer.StartAsync(azurite.ConnectionString);
        await server.AddFleetAsync();
        foreach (
            var path in new[]
            {
                "/pages/fleet",
                $"/pages/upgrades/{PagesServer.Blocked}",
                $"/pages/upgrades/{PagesServer.Blocked}/history/1",
            }
        )
        {
            using var first = await server.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            using var again = await server.Server.SendAsync(HttpMethod.Get, path, ("If-None-Match", Header(first, "ETag")!));
            Assert.Equal((path, HttpStatusCode.NotModified), (path, again.StatusCode));
            Assert.NotNull(Header(again, "Autopilot-Time"));
        }

        var page = await server.Client.GetStringAsync("/");
        Assert.Contains("data-source=\"/pages/fleet\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_open_pages_read_the_fleet_once_and_a_failing_storage_says_so()
    {
        var lists = new ListStoreInMemory();
        await using var server = await RunningServer.StartAsync(
            TestSettings.Of(azurite.ConnectionString),
            builder => builder.Services.AddSingleton<IWorkflowListStore>(lists)
        );
        Assert.Equal(0, lists.Reads);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.Client.GetStringAsync("/pages/fleet")));
        Assert.Equal(1, lists.Reads);

        await using var failing = await RunningServer.StartAsync(
            TestSettings.Of(azurite.ConnectionString),
            builder =>
                builder.Services.AddSingleton<IWorkflowListStore>(
                    new ListStoreInMemory { Failure = new StorageUnavailableException("secret detail") }
                )
        );
        foreach (var path in new[] { "/", "/pages/fleet" })
        {
            using var answer = await failing.Client.GetAsync(path);
            var page = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("Storage unavailable", page, StringComparison.Ordinal);
            Assert.Contains("tries again by itself", page, StringComparison.Ordinal);
            Assert.DoesNotContain("secret detail", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_keys_a_page_without_a_key_shows_no_data()
    {
        await using var server = await PagesServer.StartAsync(
            azurite.ConnectionString,
            new Dictionary<string, string?> { ["Server:ApiKeys:0"] = TestKeys.Api, ["Server:ManageKeys:0"] = TestKeys.Manage }
        );
        server.Client.DefaultRequestHeaders.Add("x-functions-key", TestKeys.Manage);
        await server.AddFleetAsync();
        server.Client.DefaultRequestHeaders.Clear();
        foreach (
            var path in new[]
            {
                "/",
                "/pages/fleet",
                $"/upgrades/{PagesServer.Blocked}",
                $"/pages/upgrades/{PagesServer.Blocked}/history/1",
                // A key in an address opens no page: it would stay in the history of the browser.
                $"/?code={TestKeys.Manage}",
            }
        )
        {
            using var answer = await server.Client.GetAsync(path);
            var page = await answer.Content.ReadAsStringAsync();
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, answer.StatusCode));
            Assert.Contains("A key is needed", page, StringComparison.Ordinal);
            Assert.DoesNotContain("jakarta", page, StringComparison.Ordinal);
            Assert.StartsWith("ApiKey ", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        using var asset = await server.Client.GetAsync("/pages/style.css");
        Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        using var shown = await server.Server.SendAsync(HttpMethod.Get, "/", ("x-functions-key", TestKeys.Api));
        Assert.Contains("jakarta", await shown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_colours_of_the_style_are_those_of_the_pictures()
    {
        var style = PageAsset.Style.Text;
        var colours = Colour().Matches(style).Select(match => match.Value).Distinct().ToList();
        Assert.NotEmpty(colours);
        Assert.All(colours, colour => Assert.Contains(colour, Formats.Timelines.TimelineSvg.Style, StringComparison.Ordinal));
    }

    [System.Text.RegularExpressions.GeneratedRegex("#[0-9a-f]{3,6}")]
    private static partial System.Text.RegularExpressions.Regex Colour();

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
        || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;
}
