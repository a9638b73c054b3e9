using Autopilot.Core.Settings;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Workflows;

/// <summary>Where summaries link to for the cloud's console.</summary>
public sealed class ConsoleOptions
{
    private const string Region = "{region}",
        Project = "{projectId}",
        Cluster = "{clusterId}";

    private static readonly string[] Places = [Region, Project, Cluster];

    private string? _region;

    /// <summary>
    /// <c>Cce:ConsoleUrl</c>: an https address that may hold <c>{region}</c>, <c>{projectId}</c> and <c>{clusterId}</c> behind its host;
    /// null for no link.
    /// </summary>
    public AddressTemplate? ConsoleUrl { get; set; }

    /// <summary>
    /// The summary with a link to its cluster in the console, first of the blocking task's references and of those of each insight whose
    /// advice is to look there; as it is where no address is set, or an id that it needs is not known.
    /// </summary>
    public WorkflowSummary AddTo(WorkflowSummary summary)
    {
        if (AddressOf(summary) is not { } address)
        {
            return summary;
        }

        var link = new ReferenceLink("The cluster in the CCE console", address.AbsoluteUri);
        return summary with
        {
            BlockingTask = summary.BlockingTask is { } blocking
                ? blocking with
                {
                    References = [link, .. blocking.References ?? []],
                }
                : null,
            Insights =
            [
                .. summary.Insights.Select(insight =>
                    insight.Actions?.Contains(UpgradeAction.LookInConsole) is true
                        ? insight with
                        {
                            References = [link, .. insight.References ?? []],
                        }
                        : insight
                ),
            ],
        };
    }

    internal static void Read(ConsoleOptions options, SettingsReader settings)
    {
        if (settings.Text("Cce:ConsoleUrl") is not { } console)
        {
            return;
        }

        // Not before: what is wrong with the region is reported by the settings that need it.
        options._region = settings.Text("Cce:Region");
        if ((options.ConsoleUrl = AddressTemplate.TryParse(console, Places)) is null)
        {
            settings.Fail(
                "Cce:ConsoleUrl is no such address: give an https address, which may hold {region}, {projectId} and {clusterId} behind its "
                    + "host, and no user."
            );
        }
        else if (options.ConsoleUrl.Has(Region) && options._region is null)
        {
            settings.Fail("Cce:ConsoleUrl holds {region}, but Cce:Region is not set: set it, or write the region into the address.");
        }
    }

    private Uri? AddressOf(WorkflowSummary summary) =>
        ConsoleUrl?.Fill(place =>
            place switch
            {
                Region => _region,
                Project => summary.ProjectId,
                _ => summary.ClusterId,
            }
        );
}
