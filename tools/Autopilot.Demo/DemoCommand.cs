using System.Runtime.InteropServices;
using Autopilot.Azurite;
using Autopilot.CommandLine;
using Microsoft.Extensions.Options;

namespace Autopilot.Demo;

/// <summary>
/// The demo as a command: 0 when all went well or a person ended it, 1 when something failed, 2 for arguments that are none.
/// </summary>
internal static class DemoCommand
{
    private const string Notes = """
        dotnet run --project tools/Autopilot.Demo                upgrades without end, until Ctrl-C
        dotnet run --project tools/Autopilot.Demo -- --once      one upgrade, in under a minute

        Exit codes: 0 all went well or Ctrl-C ended it, 1 something failed, 2 wrong command line
        """;

    /// <param name="args">The command line.</param>
    /// <param name="output">Where help goes; the demo itself writes to the terminal.</param>
    /// <param name="error">Where errors of the command line go.</param>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        CommandLineProgram.RunAsync(DemoArguments.CreateCommand(RunAsync), args, "the demo", Notes, output, error);

    private static async Task<int> RunAsync(DemoArguments arguments)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var terminal = new Terminal(Console.Out, Terminal.ShowsColours());
        string? log = null;
        try
        {
            await using var demo = await DemoHost.StartAsync(arguments, terminal, stop.Token);
            log = demo.LogFile;
            await (arguments.Once ? demo.WatchOnceAsync(stop.Token) : demo.WatchAsync(stop.Token));
            return 0;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Whatever failed now failed because Ctrl-C reached the storage's own process as well.
            terminal.Line();
            terminal.Line("Ended.");
            // An upgrade that was to be followed to its end and was not is no success.
            return arguments.Once ? 1 : 0;
        }
        catch (Exception exception) when (Explain(exception) is { } message)
        {
            await Console.Error.WriteLineAsync($"The demo failed: {message}{(log is null ? "" : $" The server's log is {log}.")}");
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    // A failure that a person can mend is reported in a sentence; any other is a defect and keeps its stack trace.
    private static string? Explain(Exception exception) =>
        exception switch
        {
            AzuriteException or DemoException or OptionsValidationException => exception.Message,
            IOException => exception.Message,
            System.Net.Http.HttpRequestException => $"the server does not answer: {exception.Message}",
            _ => null,
        };
}

/// <summary>The demo did not go as it should; the message is for people.</summary>
internal sealed class DemoException(string message) : Exception(message);
