namespace Autopilot.Cli;

/// <summary>What ends a command: a message for people, and the exit code.</summary>
internal sealed class CliException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode => exitCode;

    /// <summary>How long the server asks to wait before the next request; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
