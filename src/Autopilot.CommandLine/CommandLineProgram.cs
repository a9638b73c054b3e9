using System.CommandLine;
using System.CommandLine.Help;

namespace Autopilot.CommandLine;

/// <summary>Runs a program's command line. Help, version, errors and the exit code of a wrong line are the same in every program.</summary>
public static class CommandLineProgram
{
    /// <summary>The exit code when the command line is not understood.</summary>
    public const int WrongUsage = 2;

    /// <summary>
    /// Parses the command line and runs the command that it names. An exception of a command reaches the caller, and signals are left to
    /// the command: a server stops in its own way.
    /// </summary>
    /// <param name="root">The program's commands and options.</param>
    /// <param name="args">The command line. A word that begins with <c>@</c> is a value like any other and names no file.</param>
    /// <param name="program">What errors call the program, such as <c>the demo</c>.</param>
    /// <param name="notes">What the help says below the options, such as the exit codes.</param>
    /// <param name="output">Where help and version go, and what commands print.</param>
    /// <param name="error">Where a line for each error goes.</param>
    /// <returns>The command's exit code; 0 after help or version; <see cref="WrongUsage"/> when the line is not understood, and then
    /// nothing was run.</returns>
    public static async Task<int> RunAsync(
        RootCommand root,
        IEnumerable<string> args,
        string program,
        string notes,
        TextWriter output,
        TextWriter error
    )
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Show this help.";
        help.Action = new HelpWithNotes((HelpAction)help.Action!, notes);
        root.Options.OfType<VersionOption>().Single().Description = "Show the version and the commit it was built from.";

        var parsed = root.Parse([.. args], new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        var errors = UsageErrors.Of(parsed, program);
        foreach (var message in errors)
        {
            await error.WriteLineAsync(message);
        }

        return errors.Count > 0
            ? WrongUsage
            : await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = output,
                    Error = error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                }
            );
    }
}
