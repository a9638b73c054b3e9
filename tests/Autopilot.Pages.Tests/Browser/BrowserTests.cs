using System.Text.Json;
using Autopilot.Core.Workflows;
using Autopilot.Pages.Tests.Running;
using Microsoft.Playwright;

namespace Autopilot.Pages.Tests.Browser;

/// <summary>Pages in a real browser: one server for all.</summary>
public sealed class BrowserTests(BrowserFixture browser, SiteFixture site) : IClassFixture<SiteFixture>
{
    private const string Script = "<script>document.title='owned'</script>",
        Image = "\"><img src=x onerror=\"document.title='owned'\">";

    private readonly List<string> _errors = [];
    private readonly PagesServer _server = site.Server;

    [Fact]
    public async Task From_the_fleet_to_a_state_of_a_blocked_upgrade_in_three_clicks()
    {
        await using var window = await browser.OpenAsync();
        var page = await PageAsync(window, "/");
        await page.ClickAsync("text=checkout-jakarta-1");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Blocked");
        await Assertions.Expect(page.Locator(".picture img")).ToHaveJSPropertyAsync("complete", true);
        Assert.True(await page.Locator(".picture img").EvaluateAsync<int>("image => image.naturalWidth") > 100);
        await page.ClickAsync("text=State 1");
        await Assertions.Expect(page.Locator(".document")).ToContainTextAsync("pointStatuses");
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task A_change_shows_without_a_reload_and_keeps_focus_and_scroll()
    {
        const string Extra = "55555555-5555-4555-8555-555555555555";
        await _server.TrackAsync(Extra, "portal-hanoi-5", "Running", ("PreCheck", "Success"), ("Cluster", "Running"));
        await using var window = await browser.OpenAsync();
        var page = await PageAsync(window, $"/upgrades/{Extra}");
        await page.EvaluateAsync("() => { globalThis.kept = true; document.getElementById('all-actions').open = true; scrollTo(0, 60); }");
        await page.FocusAsync("#copy-text");
        var scrolled = await page.EvaluateAsync<double>("() => scrollY");
        _server.Says(Extra, "Pending", ("PreCheck", "Success"), ("Cluster", "Failed"));
        await _server.PollAsync(Extra);
        await AskAsync(page);
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Blocked");
        await Assertions.Expect(page).ToHaveTitleAsync("Blocked: portal-hanoi-5 – Autopilot");
        Assert.True(await page.EvaluateAsync<bool>("() => globalThis.kept && document.getElementById('all-actions').open"));
        Assert.Equal("copy-text", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        Assert.InRange(await page.EvaluateAsync<double>("() => scrollY"), scrolled - 1, scrolled + 400);
        await Assertions
            .Expect(page.Locator(".picture img"))
            .ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("^blob:"));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Lines_keep_their_place_under_the_pointer_until_it_leaves()
    {
        await using var window = await browser.OpenAsync();
        var page = await PageAsync(window, "/");
        await page.HoverAsync("text=billing-lima-2");
        const string Late = "66666666-6666-4666-8666-666666666666";
        await _server.TrackAsync(Late, "aaa-first-6", "Pending", ("PreCheck", "Failed"));
        await WaitForCopyAsync();
        await AskAsync(page);
        await Assertions.Expect(page.Locator("#held")).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("text=aaa-first-6").CountAsync());
        await page.Mouse.MoveAsync(5, 5);
        await Assertions.Expect(page.Locator("text=aaa-first-6")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#held")).ToBeHiddenAsync();
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task A_lost_connection_is_shown_and_recovers_and_a_hidden_tab_asks_nothing()
    {
        await using var window = await browser.OpenAsync();
        var page = await PageAsync(window, "/", hasClock: true);
        await window.SetOfflineAsync(true);
        await AskAsync(page);
        await Assertions.Expect(page.Locator("#lost")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("text=checkout-jakarta-1")).ToBeVisibleAsync();
        await window.SetOfflineAsync(false);
        await AskAsync(page);
        await Assertions.Expect(page.Locator("#lost")).ToBeHiddenAsync();

        var requests = 0;
        page.Request += (_, _) => requests++;
        await page.EvaluateAsync("() => Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true })");
        await AskAsync(page);
        await page.Clock.FastForwardAsync(60_000);
        Assert.Equal(0, requests);
        await page.EvaluateAsync("() => Object.defineProperty(document, 'visibilityState', { get: () => 'visible', configurable: true })");
        await AskAsync(page);
        await page.Clock.FastForwardAsync(6000);
        Assert.InRange(requests, 1, 3);
    }

    [Fact]
    public async Task Hostile_names_run_nothing_and_are_shown_as_they_are()
    {
        const string One = "77777777-7777-4777-8777-777777777777";
        await _server.TrackAsync(One, "harmless-7", "Pending", (Script, "Failed"), (Image, "Failed"));
        await using var window = await browser.OpenAsync();
        foreach (
            var path in new[]
            {
                $"/upgrades/{One}",
                $"/upgrades/{One}/history",
                $"/upgrades/{One}/history/1",
                $"/?q={Uri.EscapeDataString(Image)}",
            }
        )
        {
            var page = await PageAsync(window, path);
            Assert.DoesNotContain("owned", await page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(1, await page.Locator("script").CountAsync());
            Assert.Equal(0, await page.Locator("img[onerror]").CountAsync());
            await page.CloseAsync();
        }

        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Every_page_and_state_keeps_the_rules_of_WCAG_in_both_colours_and_at_400_pixels()
    {
        var axe = await BrowserFixture.AxeAsync();
        foreach (var (colours, width) in new[] { (ColorScheme.Light, 1200), (ColorScheme.Dark, 400) })
        {
            await using var window = await browser.OpenAsync(width, colours);
            await window.AddInitScriptAsync(axe);
            foreach (
                var path in new[]
                {
                    "/",
                    "/?assessment=Blocked",
                    "/?q=nothing",
                    "/?view=finished",
                    $"/upgrades/{PagesServer.Blocked}",
                    $"/upgrades/{PagesServer.Running}",
                    $"/upgrades/{PagesServer.Done}",
                    $"/upgrades/{PagesServer.Blocked}/history",
                    $"/upgrades/{PagesServer.Blocked}/history/1",
                    "/upgrades/44444444-4444-4444-8444-444444444444",
                }
            )
            {
                var page = await PageAsync(window, path, mayFail: true);
                await page.EvaluateAsync(
                    """
                    () => {
                      for (const notice of document.querySelectorAll('.notices p')) notice.hidden = false;
                      for (const part of document.querySelectorAll('details')) part.open = true;
                    }
                    """
                );
                var violations = await page.EvaluateAsync<JsonElement>(
                    "async () => (await axe.run(document)).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))"
                );
                Assert.Equal((path, width, "[]"), (path, width, violations.ToString()));
                Assert.True(
                    await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"),
                    $"{path} is wider than {width} pixels"
                );
                await page.CloseAsync();
            }
        }
    }

    [Fact]
    public async Task The_script_writes_lengths_of_time_as_the_server_does()
    {
        await using var window = await browser.OpenAsync();
        var page = await PageAsync(window, "/");
        double[] seconds =
        [
            -5,
            0,
            0.9,
            1,
            59,
            59.99,
            60,
            61,
            3599,
            3600,
            3660,
            86399,
            86400,
            90000,
            172799,
            172800,
            180000,
            259199,
            259200,
            1e7,
        ];
        var written = await page.EvaluateAsync<string[]>("seconds => seconds.map(autopilot.span)", seconds);
        Assert.Equal(seconds.Select(second => HumanDuration.Of(TimeSpan.FromSeconds(second))), written);
        // And a length that goes on counts by itself.
        var since = page.Locator("tbody [data-since]").First;
        var before = await since.TextContentAsync();
        await Assertions.Expect(since).Not.ToHaveTextAsync(before!);
    }

    [Fact]
    public async Task A_summary_is_copied_for_a_chat_by_the_keyboard_alone()
    {
        await using var window = await browser.OpenAsync();
        var page = await PageAsync(window, $"/upgrades/{PagesServer.Blocked}");
        await page.FocusAsync("#copy-markdown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#said")).ToHaveTextAsync("Copied as Markdown.");
        Assert.StartsWith(
            "### Blocked",
            await page.EvaluateAsync<string>("() => navigator.clipboard.readText()"),
            StringComparison.Ordinal
        );
    }

    private async Task<IPage> PageAsync(IBrowserContext window, string path, bool mayFail = false, bool hasClock = false)
    {
        var page = await window.NewPageAsync();
        if (hasClock)
        {
            await page.Clock.InstallAsync();
        }

        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !mayFail)
            {
                _errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Add(error);
        await page.GotoAsync(new Uri(_server.Server.Address, path).ToString());
        return page;
    }

    /// <summary>What the browser does when a tab comes to the front: the script asks at once.</summary>
    private static Task AskAsync(IPage page) => page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");

    /// <summary>Until the shared copy may be read again.</summary>
    private static Task WaitForCopyAsync() => Task.Delay(TimeSpan.FromSeconds(5.2), TestContext.Current.CancellationToken);
}
