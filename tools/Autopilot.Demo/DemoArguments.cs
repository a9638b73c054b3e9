using System.Globalization;

namespace Autopilot.Demo;

/// <summary>What the demo was asked for.</summary>
internal sealed record DemoArguments
{
    public const string Help = """
        Watch upgrades with nothing but this machine: a local Table Storage (Azurite), a simulated CCE API
        and the server, on a clock that runs fast.

          dotnet run --project tools/Autopilot.Demo                upgrades without end, until Ctrl-C
          dotnet run --project tools/Autopilot.Demo -- --once      one upgrade, in under a minute

          --once       follow one upgrade whose pre-check fails and is retried, print its summary, end
          --speed N    seconds that pass in a real second, 1 to 600 (30; 75 with --once)
          --port N     port of the server, or 'free' for any (7171; a free one with --once)
          --verbose    show the server's log here instead of writing it to a file
          --help       this

        """;

    public bool ShowHelp { get; private init; }

    public bool Once { get; private init; }

    public bool Verbose { get; private init; }

    /// <summary>Where the server listens when nothing else is asked for, so that what was noted once is right the next time.</summary>
    private const int DefaultPort = 7171;

    /// <summary>0 for a free one.</summary>
    public int Port { get; private init; }

    /// <summary>Seconds on the demo's clock in a real second.</summary>
    public double Speed { get; private init; }

    /// <exception cref="ArgumentException">An argument is unknown, or its value is not allowed; the message says which and what
    /// is.</exception>
    public static DemoArguments Read(IReadOnlyList<string> args)
    {
        var read = new DemoArguments();
        double? speed = null;
        int? port = null;
        for (var index = 0; index < args.Count; index++)
        {
            switch (args[index])
            {
                case "--help" or "-h":
                    read = read with { ShowHelp = true };
                    break;
                case "--once":
                    read = read with { Once = true };
                    break;
                case "--verbose":
                    read = read with { Verbose = true };
                    break;
                case "--speed":
                    speed =
                        Value(args, ref index) is var given
                        && double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                        && number is >= 1 and <= 600
                            ? number
                            : throw new ArgumentException($"--speed is '{given}'; it must be a number from 1 to 600.");
                    break;
                case "--port":
                    port = PortOf(Value(args, ref index));
                    break;
                default:
                    throw new ArgumentException($"'{args[index]}' is no argument of the demo; --help lists them.");
            }
        }

        return read with
        {
            Speed = speed ?? (read.Once ? 75 : 30),
            Port = port ?? (read.Once ? 0 : DefaultPort),
        };
    }

    private static int PortOf(string text) =>
        text == "free" ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port
        : throw new ArgumentException($"--port is '{text}'; it must be a number from 1 to 65535.");

    private static string Value(IReadOnlyList<string> args, ref int index) =>
        ++index < args.Count ? args[index] : throw new ArgumentException($"{args[index - 1]} needs a value.");
}
