using System.Diagnostics;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Autopilot.Pages.Tests.Browser.BrowserFixture))]

namespace Autopilot.Pages.Tests.Browser;

/// <summary>One browser for all tests, started by the first that needs it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly NodeFolder Axe = new("Autopilot.Pages.Tests", "axe");

    private readonly Lazy<Task<IBrowser>> _browser;
    private IPlaywright? _playwright;

    public BrowserFixture() => _browser = new(LaunchAsync);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A window of its own, with nothing kept from another.</summary>
    public async Task<IBrowserContext> OpenAsync(
        int width = 1200,
        ColorScheme colours = ColorScheme.Light,
        IReadOnlyDictionary<string, string>? headers = null
    )
    {
        var browser = await _browser.Value;
        return await browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = colours,
                ReducedMotion = ReducedMotion.Reduce,
                ExtraHTTPHeaders = headers,
                Permissions = ["clipboard-read", "clipboard-write"],
            }
        );
    }

    /// <summary>The rules of accessibility, as a script.</summary>
    public static async Task<string> AxeAsync() =>
        await File.ReadAllTextAsync(Path.Combine(await Axe.InstalledAsync(), "node_modules", "axe-core", "axe.min.js"));

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated && _browser.Value.IsCompletedSuccessfully)
        {
            await (await _browser.Value).DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private async Task<IBrowser> LaunchAsync()
    {
        var path = await FindAsync();
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    /// <summary>Skips the test, and says why, where no browser can be had.</summary>
    private static async Task<string> FindAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("The browser is installed on Linux only.");
        }

        var script = Repository.PathOf("tests", "Autopilot.Pages.Tests", "Browser", "install.sh");
        using var process = Process.Start(new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true })!;
        var output = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        Assert.SkipUnless(process.ExitCode == 0, output);
        return output;
    }
}
