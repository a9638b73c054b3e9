namespace Autopilot.Cli;

/// <summary>Writes an answer in a form that the server has.</summary>
internal static class ResponseForms
{
    /// <summary>The forms of a summary, a list, changes, a history and an outlook.</summary>
    public static IReadOnlyList<OutputForm> People { get; } = [OutputForm.Text, OutputForm.Markdown, OutputForm.Json];

    /// <summary>The forms of a report.</summary>
    public static IReadOnlyList<OutputForm> Report { get; } = [OutputForm.Markdown, OutputForm.Json, OutputForm.Csv];

    /// <summary>Writes what the path answers. Where no form is asked for, it is the first of those that the answer has.</summary>
    /// <exception cref="CliException">The answer has no such form.</exception>
    public static async Task WriteAsync(
        AutopilotClient client,
        string path,
        OutputForm form,
        IReadOnlyList<OutputForm> forms,
        TextWriter output,
        CancellationToken cancellationToken,
        HttpMethod? method = null
    )
    {
        var taken = form == OutputForm.Table ? forms[0] : form;
        if (!forms.Contains(taken))
        {
            throw new CliException(
                ExitCode.WrongUsage,
                $"--output of this command must be one of {string.Join(", ", forms.Select(WordOf))}."
            );
        }

        if (taken == OutputForm.Json)
        {
            await output.WriteLineAsync((await client.JsonAsync(path, cancellationToken, method)).GetRawText());
            return;
        }

        await output.WriteLineAsync(await client.TextAsync(AutopilotClient.InForm(path, WordOf(taken)), cancellationToken, method));
    }

    private static string WordOf(OutputForm form) => form.ToString().ToLowerInvariant();
}
