using System.Text.RegularExpressions;

namespace Autopilot.Infra.Tests;

/// <summary>The app's settings by their names in the environment, as docs/settings.md has them.</summary>
internal static partial class Contract
{
    /// <summary>Names that people were promised; nothing may take one away, docs/settings.md no more than the template.</summary>
    public static IReadOnlyList<string> Promised { get; } =
    [
        "Cce__Region",
        "Cce__Endpoint",
        "Cce__PathPrefix",
        "Cce__ProjectId",
        "Cce__AccessKey",
        "Cce__SecretKey",
        "Cce__SecurityToken",
        "Cce__Token",
        "Cce__Iam__Username",
        "Cce__Iam__Password",
        "Cce__Iam__DomainName",
        "Cce__Iam__ProjectName",
        "Cce__Iam__Endpoint",
        "Cce__AttemptTimeout",
        "Cce__MaxAttempts",
        "Cce__RequestsPerMinute",
        "AutopilotStorage__tableServiceUri",
        "AutopilotStorage__queueServiceUri",
        "AutopilotStorage__credential",
        "AutopilotStorage__clientId",
        "Storage__TablePrefix",
        "PollSchedule",
        "RetentionSchedule",
        "PollQueue",
        "Polling__FanOut",
        "Polling__MaxConcurrency",
        "Polling__CycleBudget",
        "Polling__LeaseMargin",
        "Tracking__Workflows__{0}",
        "Tracking__Clusters__{0}",
        "Tracking__Projects__{0}",
        "Discovery__Every",
        "Discovery__ProjectsEvery",
        "Discovery__NamesEvery",
        "Discovery__MaxBackoff",
        "Retention__History",
        "Retention__Runs",
        "Retention__MaxStates",
        "Retention__Budget",
        "Notifications__SettleFor",
        "Notifications__GiveUpAfter",
        "Notifications__Webhooks__{0}__Url",
        "Notifications__Webhooks__{0}__Secret",
        "Notifications__Webhooks__{0}__Name",
        "Notifications__Webhooks__{0}__Format",
        "Notifications__Webhooks__{0}__On",
        "Notifications__Webhooks__{0}__Clusters",
        "Notifications__Webhooks__{0}__Assessments",
        "Notifications__Webhooks__{0}__Headers__{0}",
        "Notifications__Webhooks__{0}__Validate",
        "Notifications__ConsoleUrl",
    ];

    /// <summary>What the platform reads and the app does not.</summary>
    public static IReadOnlyList<string> Platforms { get; } =
    [
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__queueServiceUri",
        "AzureWebJobsStorage__tableServiceUri",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "AzureWebJobs.PollShard.Disabled",
        "AzureWebJobsDisableHomepage",
    ];

    /// <summary>Every name in <c>docs/settings.md</c> that concerns the function app.</summary>
    public static IReadOnlyList<string> Documented() =>
        [
            .. Row()
                .Matches(Repository.Text("docs/settings.md"))
                .Select(match => match.Groups[1].Value)
                .Where(name => !name.StartsWith("Server:", StringComparison.Ordinal) || name is "Server:PublicUrl")
                // The template gives the services' addresses, and neither a connection string nor the name.
                .Where(name => name is not ("AutopilotStorage" or "AutopilotStorage:accountName"))
                .Select(name => Index().Replace(name, ":{0}").Replace(":", "__", StringComparison.Ordinal)),
        ];

    /// <summary>The place of an entry in a list.</summary>
    [GeneratedRegex(":N(?=:|$)")]
    private static partial Regex Index();

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
