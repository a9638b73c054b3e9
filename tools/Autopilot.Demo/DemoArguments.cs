using System.CommandLine;
using System.Globalization;
using Autopilot.CommandLine;

namespace Autopilot.Demo;

/// <summary>What the demo was asked for.</summary>
/// <param name="Once">Whether it follows one upgrade to its end.</param>
/// <param name="Verbose">Whether the server's log is shown instead of written to a file.</param>
/// <param name="Port">The server's port; 0 for a free one.</param>
/// <param name="Speed">Seconds on the demo's clock in a real second.</param>
internal sealed record DemoArguments(bool Once, bool Verbose, int Port, double Speed)
{
    /// <summary>Where the server listens when nothing else is asked for, so that what was noted once is right the next time.</summary>
    private const int DefaultPort = 7171;

    private const string Description = """
        Watch upgrades with nothing but this machine: a local Table Storage (Azurite), a simulated CCE API
        and the server, on a clock that runs fast.
        """;

    /// <summary>The command line that gives them.</summary>
    public static RootCommand CreateCommand(Func<DemoArguments, Task<int>> run)
    {
        var once = new Option<bool>("--once")
        {
            Description = "Follow one upgrade whose pre-check fails and is retried, print its summary, end (under a minute).",
        };
        var verbose = new Option<bool>("--verbose") { Description = "Show the server's log here instead of writing it to a file." };
        var port = CheckedOption.Create<int?>(
            "--port",
            "N|free",
            "Port of the server, or 'free' for any (7171; a free one with --once).",
            "a number from 1 to 65535",
            ReadPort
        );
        var speed = CheckedOption.Create<double?>(
            "--speed",
            "N",
            "Seconds that pass in a real second, 1 to 600 (30; 75 with --once).",
            "a number from 1 to 600",
            ReadSpeed
        );
        var root = new RootCommand(Description) { once, speed, port, verbose };
        root.SetAction(
            (parsed, _) =>
            {
                var isOnce = parsed.GetValue(once);
                return run(
                    new DemoArguments(
                        isOnce,
                        parsed.GetValue(verbose),
                        parsed.GetValue(port) ?? (isOnce ? 0 : DefaultPort),
                        parsed.GetValue(speed) ?? (isOnce ? 75 : 30)
                    )
                );
            }
        );
        return root;
    }

    private static bool ReadPort(string text, out int? port)
    {
        port =
            text == "free" ? 0
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65535 ? number
            : null;
        return port is not null;
    }

    private static bool ReadSpeed(string text, out double? speed)
    {
        speed =
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 600
                ? number
                : null;
        return speed is not null;
    }
}
