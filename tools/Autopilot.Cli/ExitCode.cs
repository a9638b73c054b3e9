using Autopilot.CommandLine;

namespace Autopilot.Cli;

/// <summary>The exit codes. They are stable: pipelines branch on them.</summary>
internal static class ExitCode
{
    /// <summary>Answered; of <c>wait</c>, reached.</summary>
    public const int Reached = 0;

    /// <summary>Of <c>wait</c>: the upgrade ended otherwise, or is what <c>--fail-on</c> names.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a setting or a name is wrong.</summary>
    public const int WrongUsage = CommandLineProgram.WrongUsage;

    /// <summary>Of <c>wait</c>: the timeout is over.</summary>
    public const int TimedOut = 3;

    /// <summary>The server cannot be reached, or fails.</summary>
    public const int NotReachable = 4;

    /// <summary>No key, or one that may not.</summary>
    public const int NotAllowed = 5;

    /// <summary>No such upgrade or cluster.</summary>
    public const int NotFound = 6;

    /// <summary>The output cannot be written, as on a full disk.</summary>
    public const int NotWritten = 7;
}
