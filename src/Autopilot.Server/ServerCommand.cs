using System.CommandLine;
using System.Net.Sockets;
using Autopilot.CommandLine;
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
    public const int Misused = CommandLineProgram.WrongUsage;

    /// <summary>Settings are missing or wrong: starting again does not help.</summary>
    public const int Misconfigured = SettingFailures.ExitCode;

    private const string Notes = """
        Settings come from appsettings.json in the current folder, the environment (Cce__Region=...) and the command line
        (--Cce:Region ...); the later ones win. docs/settings.md lists them.

        Exit codes: 0 done, 1 a check failed or the address is taken, 2 wrong command line, 78 settings missing or wrong
        """;

    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand(
            "Watches CCE Autopilot upgrade workflows and answers HTTP summaries. Without a command it runs until Ctrl-C or SIGTERM."
        );
        var settings = new SettingArguments(root);
        root.SetAction((parsed, _) => GuardAsync(() => ServeAsync(settings.Of(parsed)), error));

        var check = settings.AddTo(new Command("check", "Try settings, storage and upstream one by one, a line each."));
        check.SetAction(
            (parsed, _) =>
                InterruptiblyAsync(async cancellationToken =>
                    await CheckCommand.RunAsync(settings.Of(parsed), output, cancellationToken) ? Done : Failed
                )
        );
        root.Subcommands.Add(check);

        var rebuild = settings.AddTo(new Command("rebuild-runs", "Write the runs of reports again from the stored finished workflows."));
        rebuild.SetAction(
            (parsed, _) =>
                InterruptiblyAsync(cancellationToken =>
                    GuardAsync(() => RebuildRunsCommand.RunAsync(settings.Of(parsed), output, error, cancellationToken), error)
                )
        );
        root.Subcommands.Add(rebuild);

        var help = new Command("help") { Hidden = true };
        help.SetAction(parsed => root.Parse("--help").Invoke(parsed.InvocationConfiguration));
        root.Subcommands.Add(help);
        return CommandLineProgram.RunAsync(root, SettingArguments.Join(args), "the server", Notes, output, error);
    }

    private static async Task<int> ServeAsync(string[] settings)
    {
        await using var app = ServerApp.Create(settings);
        // Before the host does it, which would log the failure with a stack trace.
        var guard = app.Services.GetRequiredService<ListenGuard>();
        guard.CheckSettings();
        guard.CheckPorts();
        await app.RunAsync();
        return Done;
    }

    private static async Task<int> InterruptiblyAsync(Func<CancellationToken, Task<int>> command)
    {
        try
        {
            return await Interruption.RunAsync(command);
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
