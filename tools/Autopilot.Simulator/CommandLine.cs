using System.Globalization;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.Simulator;

/// <summary>The executable's arguments.</summary>
internal sealed record CommandLine(SimulatorOptions Options, double Speed)
{
    public const string Help = """
        A CCE Autopilot API on this machine: signatures, tokens and errors as the real one has them, workflows that live.

          --urls URL         where it listens (http://127.0.0.1:0, which takes a free port)
          --pace N           lives run N times as fast, on the true clock (1): the one to use with a server of its own
          --speed N          its own clock runs N times as fast (1): a server would need that clock too, or be refused
          --workflows N      how many workflows it knows (9)
          --clusters N       instead of --workflows: N clusters whose upgrades start at random for the next 31 days
          --pause DURATION   with --clusters: mean time between two upgrades of a cluster, [days.]hours:minutes:seconds (7.00:00:00)
          --forget-after DURATION
                             how long after its end a workflow is still known (for ever)
          --seed N           which ones (1)
          --life NAME        only this life; may be repeated
          --list SHAPE       items of a list: Array, Object, Null or Absent (Array)
          --access-key, --secret-key, --security-token, --username, --password, --domain, --project-name, --token VALUE
                             credentials that it accepts
          --allow-remote     answer other machines too
          --help             this

        """;

    /// <exception cref="ArgumentException">An argument is unknown, or its value is not allowed; the message says which.</exception>
    public static CommandLine Read(IReadOnlyList<string> args)
    {
        var options = new SimulatorOptions();
        var (speed, count, seed, scenarios) = (1.0, 9, 1, new List<Scenario>());
        var (clusters, pause) = ((int?)null, TimeSpan.FromDays(7));
        for (var index = 0; index < args.Count; index++)
        {
            var name = args[index];
            switch (name)
            {
                case "--urls":
                    options = options with { Url = Value() };
                    break;
                case "--speed":
                    speed = Number();
                    break;
                case "--pace":
                    options = options with { Pace = Number() };
                    break;
                case "--workflows":
                    count = Whole();
                    break;
                case "--clusters":
                    clusters = Whole();
                    break;
                case "--pause":
                    pause = Duration() is var mean && mean > TimeSpan.Zero ? mean : throw Unfit(name, "0", "more than 0");
                    break;
                case "--forget-after":
                    options = options with { ForgetAfter = Duration() };
                    break;
                case "--seed":
                    seed = Whole();
                    break;
                case "--life":
                    var scenario = Value();
                    scenarios.Add(
                        Scenario.Named(scenario)
                            ?? throw new ArgumentException(
                                $"There is no life '{scenario}'; there are {string.Join(", ", Scenario.All.Select(l => l.Name))}."
                            )
                    );
                    break;
                case "--list":
                    var shape = Value();
                    options = options with
                    {
                        ListShape =
                            Enum.TryParse<ListShape>(shape, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
                                ? parsed
                                : throw Unfit(name, shape, "Array, Object, Null or Absent"),
                    };
                    break;
                case "--access-key":
                    options = options with { AccessKey = Value() };
                    break;
                case "--secret-key":
                    options = options with { SecretKey = Value() };
                    break;
                case "--security-token":
                    options = options with { SecurityToken = Value() };
                    break;
                case "--username":
                    options = options with { Username = Value() };
                    break;
                case "--password":
                    options = options with { Password = Value() };
                    break;
                case "--domain":
                    options = options with { DomainName = Value() };
                    break;
                case "--project-name":
                    options = options with { ProjectName = Value() };
                    break;
                case "--token":
                    options = options with { Tokens = [Value()] };
                    break;
                case "--allow-remote":
                    options = options with { AllowRemote = true };
                    break;
                default:
                    throw new ArgumentException($"'{name}' is no argument of the simulator; --help lists them.");
            }

            string Value() => ++index < args.Count ? args[index] : throw new ArgumentException($"{name} needs a value.");

            double Number() =>
                Value() is var text
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and <= 1_000_000
                    ? number
                    : throw Unfit(name, text, "a number above 0, up to 1000000");

            TimeSpan Duration() =>
                Value() is var text
                && text.Contains(':', StringComparison.Ordinal)
                && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration)
                && duration >= TimeSpan.Zero
                    ? duration
                    : throw Unfit(name, text, "a duration [days.]hours:minutes:seconds");

            int Whole() =>
                Value() is var text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
                    ? whole
                    : throw Unfit(name, text, "a whole number");
        }

        IReadOnlyList<Scenario>? only = scenarios.Count > 0 ? scenarios : null;
        var fleet = clusters is { } number
            ? SimulatedFleet.CreateRandom(number, seed, TimeSpan.FromDays(31), pause, only)
            : SimulatedFleet.Create(count, seed, scenarios: only);
        return new(options with { Fleet = fleet, Seed = seed }, speed);
    }

    private static ArgumentException Unfit(string name, string given, string allowed) => new($"{name} is '{given}'; it must be {allowed}.");
}
