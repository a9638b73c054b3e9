using System.Net.Sockets;
using System.Runtime.InteropServices;
using Autopilot.Api;
using Autopilot.Hosting;
using Autopilot.Server.Access;
using Autopilot.Server.Checks;
using Autopilot.Server.Rebuilding;

namespace Autopilot.Server;

/// <summary>Runs the program's command line, and returns the exit code.</summary>
internal static class ServerCommand
{
    /// <summary>It did what it was asked to.</summary>
    public const int Done = 0;

    /// <summary>A check failed, or the server could not listen.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not understood.</summary>
    public const int Misused = 2;

    /// <summary>Settings are missing or wrong: starting again does not help.</summary>
    public const int Misconfigured = SettingFailures.ExitCode;

    private const string Usage = """
        Autopilot.Server watches CCE Autopilot upgrade workflows and answers HTTP summaries.

        usage:
          Autopilot.Server [--setting value ...]         run the server until Ctrl-C or SIGTERM
          Autopilot.Server check [--setting value ...]   try settings, storage and upstream one by one, a line each
          Autopilot.Server rebuild-runs [--setting ...]  write the runs of reports again from the stored finished workflows
          Autopilot.Server --version                     show the version and the commit it was built from
          Autopilot.Server --help                        show this

          --role all|scheduler|worker   with Polling:FanOut=Queue: keep the schedule, process the queue, or do both (all)

        Settings come from appsettings.json in the current folder, the environment (Cce__Region=...) and the command line
        (--Cce:Region ...); the later ones win. It listens on http://127.0.0.1:7071 unless --urls says otherwise.

        exit codes: 0 done, 1 a check failed or the address is taken, 2 wrong command line, 78 settings missing or wrong

        """;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        switch (args.FirstOrDefault())
        {
            case "--help" or "-h" or "-?" or "/?" or "help":
                await output.WriteAsync(Usage);
                return Done;
            case "--version":
                await output.WriteLineAsync(ProductVersion.Full);
                return Done;
            case "check":
                return await InterruptiblyAsync(async cancellationToken =>
                    await CheckCommand.RunAsync(args[1..], output, cancellationToken) ? Done : Failed
                );
            case "rebuild-runs":
                return await InterruptiblyAsync(cancellationToken =>
                    GuardAsync(() => RebuildRunsCommand.RunAsync(args[1..], output, error, cancellationToken), error)
                );
            case { } word when !word.StartsWith('-') && !word.StartsWith('/') && !word.Contains('=', StringComparison.Ordinal):
                await error.WriteLineAsync($"unknown command '{word}'");
                await error.WriteAsync(Usage);
                return Misused;
            default:
                return await GuardAsync(() => ServeAsync(args), error);
        }
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        await using var app = ServerApp.Create(args);
        // Before the host does it, which would log the failure with a stack trace.
        var guard = app.Services.GetRequiredService<ListenGuard>();
        guard.CheckSettings();
        guard.CheckPorts();
        await app.RunAsync();
        return Done;
    }

    private static async Task<int> InterruptiblyAsync(Func<CancellationToken, Task<int>> command)
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
        try
        {
            return await command(interrupted.Token);
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
    }

    private static async Task<int> GuardAsync(Func<Task<int>> command, TextWriter error)
    {
        try
        {
            return await command();
        }
        catch (Exception exception) when (SettingFailures.Of(exception) is { } failures)
        {
            await SettingFailures.WriteAsync(failures, error);
            return Misconfigured;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await error.WriteLineAsync($"cannot listen: {exception.Message}");
            return Failed;
        }
    }
}
