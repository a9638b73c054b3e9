using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Autopilot.CommandLine;

/// <summary>The help, with notes below it.</summary>
internal sealed class HelpWithNotes(HelpAction help, string notes) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(notes);
        return exitCode;
    }
}
