using System.Runtime.InteropServices;

namespace Autopilot.CommandLine;

/// <summary>Ctrl-C for a command that ends by itself: it is asked to end, and the process is not killed.</summary>
public static class Interruption
{
    /// <summary>Runs the command with a token that Ctrl-C cancels.</summary>
    /// <param name="command">What runs; it may throw <see cref="OperationCanceledException"/> once the token is cancelled.</param>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> command)
    {
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT,
            signal =>
            {
                signal.Cancel = true;
                interrupted.Cancel();
            }
        );
        return await command(interrupted.Token);
    }
}
