using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Api.Workflows;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Reports;

namespace Autopilot.Api.Parameters;

/// <summary>
/// Every parameter of the routes and the tools, once. A route names those that it takes with <see cref="ParameterMetadata.Takes"/>, a tool
/// with its <c>ToolArguments</c>. Two parameters of one name mean different things, and no operation takes both.
/// </summary>
internal static class ParameterCatalog
{
    /// <summary>Page size where none is asked for.</summary>
    public const int DefaultPageSize = 100;

    /// <summary>Largest page size.</summary>
    public const int MaxPageSize = 1000;

    /// <summary>Longest name of a cluster that a body may give, in characters. Upstream's own limit is 128.</summary>
    public const int MaxClusterName = 128;

    /// <summary>Longest time that changes are asked for, in days: what is older is in the history of each workflow.</summary>
    public const int MaxChangeDays = 31;

    /// <summary>Longest range of a report, in years.</summary>
    public const int MaxReportYears = 5;

    /// <summary>Upgrades or changes in one answer of a tool at most.</summary>
    public const int MaxLimit = 100;

    /// <summary>Upgrades or changes in one answer of a tool where no limit is given.</summary>
    public const int DefaultLimit = 20;

    /// <summary>Rows of a timeline in one answer of a tool at most.</summary>
    public const int MaxRows = 1000;

    private const string WorkflowExample = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";
    private const string ClusterExample = "b4b9e60f-8aa2-11ee-af09-0255ac10004f";
    private const string ProjectExample = "9f1b2c3d4e5f60718293a4b5c6d7e8f9";
    private const string TargetExample = "v1.28.6-r0";
    private const string InstantExample = "2026-12-01T00:00:00Z";
    private const string ClusterId = "The cluster's id.";
    private const string ProjectId = "The project's id.";
    private const string OfProject = "Only upgrades of this project.";
    private const string VersionRule = "a version as upstream writes it, of 1 to 256 characters";

    // Of paths.

    /// <summary>Where something is read.</summary>
    public static TypedParameter<Reference> Workflow { get; } =
        ParameterFactory.Reference(
            "workflowId",
            "The upgrade workflow's id, or the name or id of its cluster for the upgrade that goes on there or ended last. An exact id "
                + "wins.",
            WorkflowExample,
            ProblemFactory.InvalidWorkflowReference
        );

    /// <summary>Where something is changed.</summary>
    public static TypedParameter<string> WorkflowId { get; } =
        ParameterFactory.Id("workflowId", "The upgrade workflow's id.", WorkflowExample, required: true, ProblemFactory.InvalidWorkflowId);

    public static TypedParameter<Reference> Cluster { get; } =
        ParameterFactory.Reference(
            "clusterId",
            "The cluster's id or its name. An exact id wins.",
            ClusterExample,
            ProblemFactory.InvalidClusterReference
        );

    public static TypedParameter<string> PathClusterId { get; } =
        ParameterFactory.Id("clusterId", ClusterId, ClusterExample, required: true, () => ProblemFactory.InvalidClusterId("path"));

    public static TypedParameter<string> PathProjectId { get; } =
        ParameterFactory.Id("projectId", ProjectId, ProjectExample, required: true, ProblemFactory.InvalidProjectId);

    public static TypedParameter<long> Sequence { get; } =
        new("sequence", ParameterKind.Number, "The number of the state, as the history says it.", TryReadSequence)
        {
            Rule = "a whole number from 1 on, as 'sequence' in the history says",
            Required = true,
            Example = "1",
        };

    // Of lists of upgrades and of their changes.

    public static TypedParameter<AnyOf<Assessment>> Assessment { get; } =
        ParameterFactory.Words<Assessment>("assessment", "Only upgrades with this assessment.", nameof(Core.Workflows.Assessment.Blocked));

    public static TypedParameter<AnyOf<string>> Phase { get; } =
        ParameterFactory.Texts(
            "phase",
            "Only upgrades in this phase, in upstream's own word, such as Running, Pending or Success.",
            "one or several phases as upstream says them, separated by commas",
            "Pending"
        );

    public static TypedParameter<string> FilterClusterId { get; } =
        ParameterFactory.ClusterReference("clusterId", "Only upgrades of this cluster, by its id; a name is taken, too.", ClusterExample);

    /// <summary>A name that breaks the rule for names is taken exactly as it is.</summary>
    public static TypedParameter<AnyOf<string>> Clusters { get; } =
        ParameterFactory.Texts(
            "cluster",
            "Only upgrades of the clusters with these ids or names; names are compared without case.",
            $"ids of clusters, or their names in 1 to {QueryLimit.MaxValue} characters, separated by commas",
            "checkout-jakarta-1",
            QueryLimit.MaxClusters
        );

    public static TypedParameter<string> FilterProjectId { get; } = ParameterFactory.Id("projectId", OfProject, ProjectExample);

    public static TypedParameter<bool?> Active { get; } =
        ParameterFactory.Flag("active", "true: only those that go on. false: only those that are over or no longer tracked.");

    public static TypedParameter<WorkflowOrder?> OrderBy { get; } =
        ParameterFactory.Word(
            "orderBy",
            "The order; need puts those first that need a person, and those last that are over. Equal entries follow by id, unknown values "
                + "come last.",
            () =>
                WorkflowOrder.Names.Select(name =>
                    KeyValuePair.Create(name, WorkflowOrder.TryParse(name, out var order) ? order : default)
                ),
            "since",
            "need"
        );

    public static TypedParameter<DateTimeOffset?> Since { get; } =
        ParameterFactory.Instant(
            "since",
            $"The earliest observation, inclusive; 24 hours ago if left out, at most {MaxChangeDays} days ago.",
            "2026-11-23T08:00:00Z"
        );

    public static TypedParameter<DateTimeOffset?> HistoryFrom { get; } =
        ParameterFactory.Instant("from", "Only changes observed at or after this instant.", "2026-11-01");

    public static TypedParameter<DateTimeOffset?> HistoryTo { get; } =
        ParameterFactory.Instant("to", "Only changes observed before this instant.", InstantExample);

    // Of pages.

    public static TypedParameter<int?> PageSize { get; } =
        ParameterFactory.Number("maxpagesize", "Most items of a page.", MaxPageSize, DefaultPageSize, 50);

    /// <summary>An empty one is refused: answering the first page again would make a client loop.</summary>
    public static TypedParameter<string> ContinuationToken { get; } =
        ParameterFactory.Text(
            "continuationToken",
            "The token of the page before, as continuationToken or nextLink carries it, with the same other parameters; leave out to "
                + "begin.",
            "a token from 'nextLink' of the same list with the same filters; leave it out to begin again",
            "MmFi",
            QueryLimit.MaxToken
        );

    /// <summary>Of tools, whose answers are pages of a size that fits.</summary>
    public static TypedParameter<int?> Limit { get; } =
        ParameterFactory.Number(
            "limit",
            $"How many at most, 1 to {MaxLimit}; if left out {DefaultLimit}, or fewer where the answer would be over about 10,000 tokens.",
            MaxLimit
        );

    public static TypedParameter<int?> RowLimit { get; } =
        ParameterFactory.Number(
            "limit",
            $"How many rows at most, the latest, 1 to {MaxRows}; if left out as many as fit into about 10,000 tokens.",
            MaxRows
        );

    /// <summary>Chooses a format, see <see cref="Negotiation"/>; every operation that offers formats takes it.</summary>
    public static Parameter Format { get; } =
        ParameterFactory.Word(
            "format",
            "The format of the answer, for clients that cannot set Accept; it wins over that. A format that only other operations have is "
                + "406.",
            () => Representations.Format.All.Select((format, index) => KeyValuePair.Create(format.Name, index)),
            Representations.Format.Text.Name,
            Representations.Format.Json.Name
        );

    // Of waits.

    public static TypedParameter<WaitUntil?> Until { get; } =
        ParameterFactory.Word(
            "until",
            "What to wait for. completed: phase Success or Cancel, or assessment Gone. moved: another sequence than after. confirmed: the "
                + "PostCheck has succeeded. unblocked: the assessment is neither Blocked nor Stalled.",
            () => Enum.GetValues<WaitUntil>().Select(until => KeyValuePair.Create(until.ToString().ToLowerInvariant(), until)),
            "completed",
            required: true
        );

    public static TypedParameter<long?> After { get; } =
        new("after", ParameterKind.Number, "The sequence that is known: with until=moved, and with nothing else.", TryReadAfter)
        {
            Rule = "a whole number from 0 on, the 'sequence' that is known, with until=moved and with nothing else",
            Minimum = 0,
            Example = "1",
        };

    public static TypedParameter<int?> Timeout { get; } =
        ParameterFactory.Number(
            "timeout",
            "How long to wait at most, in seconds.",
            WaitLimit.MaxSeconds,
            (int)WaitLimit.Usual.TotalSeconds,
            60
        );

    // Of what is changed, read or sent now.

    public static TypedParameter<bool?> Purge { get; } =
        ParameterFactory.Flag("purge", "true: delete the summary and the history, too. A run in reports stays.");

    public static TypedParameter<bool?> Due { get; } = ParameterFactory.Flag("due", "true: only what is due.");

    public static TypedParameter<AnyOf<string>> PolledClusters { get; } =
        ParameterFactory.Texts(
            "cluster",
            "Only workflows of the clusters with these ids or names, and only these clusters are scanned.",
            $"one or several clusters, separated by commas, each {Reference.Rule}",
            "checkout-jakarta-1",
            QueryLimit.MaxClusters,
            text => Reference.TryRead(text, out _)
        );

    public static TypedParameter<string> Webhook { get; } =
        ParameterFactory.Text("webhook", "Only the one of this name.", rule: null, "on-call", QueryLimit.MaxValue);

    // Of reports.

    public static TypedParameter<DateTimeOffset?> ReportFrom { get; } =
        ParameterFactory.Instant(
            "from",
            $"Begin of the range by the end of the upgrade, inclusive; 90 days before 'to' if left out, at most {MaxReportYears} years "
                + "before it.",
            "2026-11-01"
        );

    public static TypedParameter<DateTimeOffset?> ReportTo { get; } =
        ParameterFactory.Instant("to", "End of the range, exclusive; now if left out.", InstantExample);

    public static TypedParameter<ReportGrouping?> GroupBy { get; } =
        ParameterFactory.Word(
            "groupBy",
            "What groups are made by.",
            () => Enum.GetValues<ReportGrouping>().Select(grouping => KeyValuePair.Create(ReportBuilder.WordOf(grouping), grouping)),
            "month",
            "none"
        );

    public static TypedParameter<string> TargetVersion { get; } =
        ParameterFactory.Text(
            "targetVersion",
            "Only upgrades to this version, as upstream writes it.",
            VersionRule,
            TargetExample,
            QueryLimit.MaxValue
        );

    public static TypedParameter<WorkflowOutcome?> Outcome { get; } =
        ParameterFactory.Word(
            "outcome",
            "Only upgrades that ended so.",
            ParameterFactory.NamesOf<WorkflowOutcome>,
            nameof(WorkflowOutcome.Succeeded)
        );

    public static TypedParameter<bool?> WithActive { get; } =
        ParameterFactory.Flag("active", "true: those that go on, too, as open-ended.");

    public static TypedParameter<bool?> Previous { get; } =
        ParameterFactory.Flag("previous", "false: without the period before.", example: false, otherwise: true);

    public static TypedParameter<ReportChart?> Chart { get; } =
        ParameterFactory.Word<ReportChart>(
            "chart",
            "Of the format svg: which chart.",
            () =>
                [
                    new("all", ReportChart.All),
                    new("runTime", ReportChart.RunTime),
                    new("outcomes", ReportChart.Outcomes),
                    new("tasks", ReportChart.Tasks),
                ],
            "runTime",
            "all"
        );

    // Of the outlook.

    public static TypedParameter<string> PlannedClusterId { get; } =
        ParameterFactory.ClusterReference(
            "clusterId",
            "The cluster that is to be upgraded, by its id; a name is taken, too.",
            ClusterExample
        );

    /// <summary>Several are refused by name: an outlook is about one.</summary>
    public static TypedParameter<string> PlannedCluster { get; } =
        new("cluster", ParameterKind.Text, "The cluster that is to be upgraded, by its id or its name.", ParameterFactory.TryReadReference)
        {
            Rule = $"one cluster by {Reference.Rule}: an upgrade is planned of one",
            Several = true,
            MaxText = QueryLimit.MaxClusters,
            Example = "checkout-jakarta-1",
        };

    /// <summary>The same for a tool, which takes no list.</summary>
    public static TypedParameter<string> OnePlannedCluster { get; } =
        ParameterFactory.ClusterReference("cluster", PlannedCluster.Description, ClusterExample);

    public static TypedParameter<string> PlannedVersion { get; } =
        ParameterFactory.Text(
            "targetVersion",
            "The version that the cluster is to be upgraded to, as upstream writes it.",
            VersionRule,
            TargetExample,
            QueryLimit.MaxValue
        );

    public static TypedParameter<string> FromVersion { get; } =
        ParameterFactory.Text(
            "fromVersion",
            "The version that the cluster has now, as upstream writes it; only together with targetVersion.",
            VersionRule,
            "v1.27.8-r0",
            QueryLimit.MaxValue
        );

    // Of clusters, and of bodies.

    public static TypedParameter<string> OfProjectId { get; } =
        ParameterFactory.Id("projectId", "Only clusters of this project.", ProjectExample);

    public static TypedParameter<string> BodyClusterId { get; } =
        ParameterFactory.Id("clusterId", ClusterId, ClusterExample, required: true, () => ProblemFactory.InvalidClusterId("body"));

    public static TypedParameter<string> BodyProjectId { get; } =
        ParameterFactory.Id(
            "projectId",
            $"{ProjectId} Where it is not given, the project under which the workflow or cluster is known, else the setting Cce:ProjectId.",
            ProjectExample,
            required: false,
            () => ProblemFactory.InvalidBody($"'projectId' must be {ResourceId.Rule}.")
        );

    public static TypedParameter<string> ClusterName { get; } =
        new("clusterName", ParameterKind.Text, "A name for people, without control characters.", TryReadClusterName)
        {
            Rule = $"1 to {MaxClusterName} characters without control characters",
            MaxLength = MaxClusterName,
            Example = "checkout-jakarta-1",
            Invalid = () =>
                ProblemFactory.InvalidBody($"'clusterName' must be 1 to {MaxClusterName} characters without control characters."),
        };

    private static bool TryReadSequence(string text, out long value) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out value)
        && value >= 1;

    private static bool TryReadAfter(string text, out long? value)
    {
        value = long.TryParse(
            text,
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
        return value is not null;
    }

    private static bool TryReadClusterName(string text, out string? value)
    {
        value = text.Length is > 0 and <= MaxClusterName && !text.Any(char.IsControl) ? text : null;
        return value is not null;
    }
}
