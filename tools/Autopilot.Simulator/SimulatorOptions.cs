using System.Net;
using Autopilot.Simulator.Fleet;

namespace Autopilot.Simulator;

/// <summary>What a simulator is made of. Every credential here is made up and opens nothing but a simulator.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Where it listens; port 0 takes a free one. Default <c>http://127.0.0.1:0</c>.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Whether it may listen on, and answer to, anything but this machine. Default no.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>Access key that requests must be signed with. Default <c>SIMULATORACCESSKEY</c>.</summary>
    public string AccessKey { get; init; } = "SIMULATORACCESSKEY";

    /// <summary>Its secret. Default <c>simulator-secret-key-that-protects-nothing</c>.</summary>
    public string SecretKey { get; init; } = "simulator-secret-key-that-protects-nothing";

    /// <summary>
    /// With it, the key counts as a temporary one: requests must carry and sign this as <c>X-Security-Token</c>. Default none.
    /// </summary>
    public string? SecurityToken { get; init; }

    /// <summary>Tokens that are valid from the start and for ever, as if given by hand. Default <c>SIMULATOR-TOKEN</c>.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = ["SIMULATOR-TOKEN"];

    /// <summary>IAM user. Default <c>simulator-user</c>.</summary>
    public string Username { get; init; } = "simulator-user";

    /// <summary>The IAM user's password. Default <c>simulator-password</c>.</summary>
    public string Password { get; init; } = "simulator-password";

    /// <summary>The account that the IAM user belongs to. Default <c>simulator-domain</c>.</summary>
    public string DomainName { get; init; } = "simulator-domain";

    /// <summary>Name of the project that a token may be asked for. Default <c>ap-southeast-3</c>.</summary>
    public string ProjectName { get; init; } = "ap-southeast-3";

    /// <summary>How long a token of IAM is valid, on the simulator's clock. Default 24 h.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How lists show their items. Default <see cref="ListShape.Array"/>.</summary>
    public ListShape ListShape { get; init; } = ListShape.Array;

    /// <summary>
    /// Divides every duration of every scenario, whatever the clock does: at 120 an hour takes 30 s of the simulator's clock. More than
    /// 0. Default 1.
    /// </summary>
    public double Pace { get; init; } = 1;

    /// <summary>The time from which the scenarios start. Default: when the simulator is made.</summary>
    public DateTimeOffset? Origin { get; init; }

    /// <summary>What it knows. Default: nothing.</summary>
    public SimulatedFleet Fleet { get; init; } = SimulatedFleet.Of();

    /// <summary>How long after its end upstream still knows a workflow, at pace 1; not negative. Default: for ever.</summary>
    public TimeSpan? ForgetAfter { get; init; }

    /// <summary>For the dice of faults. Default 1.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        if (!(Pace > 0))
        {
            throw new ArgumentException($"Pace is {Pace}; it must be more than 0.");
        }

        if (ForgetAfter < TimeSpan.Zero)
        {
            throw new ArgumentException($"ForgetAfter is {ForgetAfter}; it must not be negative.");
        }

        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp)
        {
            throw new ArgumentException("--urls must be an address like http://127.0.0.1:0.");
        }

        if (
            !AllowRemote
            && !(url.Host == "localhost" || IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
        )
        {
            throw new ArgumentException(
                $"'{Url}' can be reached from other machines; a simulator listens on this one only, unless remote access " + "is allowed."
            );
        }
    }
}
