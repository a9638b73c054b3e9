namespace Autopilot.Cli;

/// <summary>What blocks an upgrade, since when, why, and what may be done: the beginning of the server's text.</summary>
internal static class WhyCommand
{
    public static async Task<int> RunAsync(
        AutopilotClient client,
        string reference,
        OutputForm form,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        if (form is not (OutputForm.Table or OutputForm.Text))
        {
            return await StatusCommand.RunOneAsync(client, reference, form, output, cancellationToken);
        }

        var text = await client.TextAsync(AutopilotClient.InForm(AutopilotClient.PathOf(reference), "text"), cancellationToken);
        await output.WriteLineAsync(BeforeTasks(text));
        return ExitCode.Reached;
    }

    /// <summary>What the text says before its table of tasks; all of it where it has none.</summary>
    private static string BeforeTasks(string text)
    {
        var parts = text.Split("\n\n").TakeWhile(part => !IsTable(part));
        return string.Join("\n\n", parts);
    }

    private static bool IsTable(string part) =>
        part.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["Task", "Status", ..];
}
