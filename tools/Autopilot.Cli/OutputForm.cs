namespace Autopilot.Cli;

/// <summary>How an answer is written.</summary>
internal enum OutputForm
{
    /// <summary>A table to the terminal's width; of one upgrade as <see cref="Text"/>.</summary>
    Table,

    /// <summary>Plain text, as the server writes it.</summary>
    Text,

    /// <summary>JSON of the API.</summary>
    Json,

    /// <summary>Markdown, as the server writes it.</summary>
    Markdown,

    /// <summary>CSV, as the server writes it; of a report alone.</summary>
    Csv,
}
