using System.Text.Json.Nodes;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests.OpenApi;

/// <summary>
/// What each parameter means and what it may be. A name means the same on every route; a route that takes one that is not here fails a
/// test.
/// </summary>
internal static class ParameterCatalog
{
    private const string Id = "In any case; compared in lower case.";
    private const string Instant = "An instant as in RFC 3339, or a date for the midnight in UTC that begins it.";

    private static readonly Dictionary<string, (JsonObject Schema, string Description, JsonNode Example)> All = new(StringComparer.Ordinal)
    {
        ["workflowId"] = (IdSchema(), $"The upgrade workflow's id. {Id}", SampleSession.Blocked),
        ["clusterId"] = (IdSchema(), $"The cluster's id. {Id}", ApiApp.Cluster),
        ["projectId"] = (IdSchema(), $"The project's id. {Id}", ApiApp.Project),
        ["sequence"] = (
            new()
            {
                ["type"] = "integer",
                ["format"] = "int64",
                ["minimum"] = 1,
            },
            "The number of the state, as the history says it.",
            1
        ),
        ["assessment"] = (Words(Enum.GetNames<Assessment>()), "Only those of this assessment; in any case.", "Blocked"),
        ["phase"] = (Text(QueryLimit.MaxValue), "Only those of this phase, as upstream says it.", "Pending"),
        ["cluster"] = (
            Text(Parameters.MaxClusterFilter),
            "Only those of the cluster with this id, or with this name, whatever the case.",
            "checkout-jakarta-1"
        ),
        ["orderBy"] = (
            Words(WorkflowOrder.Names, "need"),
            "The order; in any case. Equal entries follow by id, unknown values come last.",
            "since"
        ),
        ["active"] = (
            Flag(),
            "Of lists, true: only those that are tracked and not finished; false: only the others. Of reports, true: those that go "
                + "on, too, as open-ended.",
            true
        ),
        ["maxpagesize"] = (
            new()
            {
                ["type"] = "integer",
                ["format"] = "int32",
                ["minimum"] = 1,
                ["maximum"] = Parameters.MaxPageSize,
                ["default"] = Parameters.DefaultPageSize,
            },
            "Most items of a page.",
            50
        ),
        ["continuationToken"] = (Text(QueryLimit.MaxToken), "As nextLink carries it: follow that link instead of making one.", "MmFi"),
        ["since"] = (
            InstantSchema(),
            $"Inclusive, by observation; at most 31 days ago. {Instant} 24 hours ago where it is not given.",
            "2026-11-23T08:00:00Z"
        ),
        ["from"] = (
            InstantSchema(),
            $"Inclusive. {Instant} Of reports: 90 days before 'to' where it is not given, and at most 5 years before it.",
            "2026-11-01"
        ),
        ["to"] = (InstantSchema(), $"Exclusive. {Instant} Of reports: now where it is not given.", "2026-12-01T00:00:00Z"),
        ["purge"] = (Flag(), "true: delete the summary and the history, too.", true),
        ["due"] = (Flag(), "true: only what is due.", true),
        ["webhook"] = (Text(QueryLimit.MaxValue), "Only the one of this name.", "on-call"),
        ["groupBy"] = (
            Words(Enum.GetValues<ReportGrouping>().Select(ReportBuilder.WordOf), "none"),
            "What the groups are made by; in any case.",
            "month"
        ),
        ["previous"] = (Flag(true), "false: without the period before.", false),
        ["targetVersion"] = (Text(QueryLimit.MaxValue), "Only upgrades to this version, as upstream writes it.", "v1.28.6-r0"),
        ["fromVersion"] = (
            Text(QueryLimit.MaxValue),
            "The version that the cluster has now, as upstream writes it; only together with targetVersion.",
            "v1.27.8-r0"
        ),
        ["chart"] = (Words(["all", "runTime", "outcomes", "tasks"], "all"), "Of the form svg: which chart; in any case.", "runTime"),
        ["outcome"] = (Words(Enum.GetNames<WorkflowOutcome>()), "Only runs that ended so; in any case.", "Succeeded"),
    };

    /// <summary>A parameter of a route.</summary>
    /// <param name="place"><c>path</c> or <c>query</c>.</param>
    /// <param name="several">Whether it takes several values.</param>
    /// <param name="reads">Whether an id may be a cluster's name instead, as it may where nothing is changed.</param>
    public static JsonObject Of(string name, string place, bool several = false, bool reads = true)
    {
        if (!All.TryGetValue(name, out var known))
        {
            throw new InvalidOperationException($"The parameter '{name}' is new: describe it in {nameof(ParameterCatalog)}.");
        }

        if (reads && (name is "workflowId" or "clusterId"))
        {
            known = (
                ReferenceSchema(),
                $"{known.Description} "
                    + (
                        name == "workflowId"
                            ? "Or its cluster's name, for the upgrade that goes on there, or ended last. "
                            : "Or its name, whatever the case. "
                    )
                    + "An exact id wins.",
                known.Example
            );
        }

        return new JsonObject
        {
            ["name"] = name,
            ["in"] = place,
            ["required"] = place == "path" ? true : null,
            ["description"] = several
                ? $"{known.Description} Several values, repeated or separated by commas: any of them matches."
                : known.Description,
            ["schema"] = several
                ? new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = known.Schema.DeepClone(),
                    ["minItems"] = 1,
                }
                : known.Schema.DeepClone(),
            ["example"] = several ? new JsonArray(known.Example.DeepClone()) : known.Example.DeepClone(),
        }.WithoutNulls();
    }

    /// <summary>A member of a body has the rules of the parameter of its name; only the name of a cluster is nowhere else.</summary>
    public static JsonObject OfMember(string name)
    {
        var (schema, description) =
            name == "clusterName"
                ? (
                    new JsonObject
                    {
                        ["type"] = "string",
                        ["minLength"] = 1,
                        ["maxLength"] = BodyMembers.MaxClusterName,
                    },
                    "A name for people, without control characters."
                )
                : (
                    All[name].Schema.DeepClone().AsObject(),
                    name == "projectId"
                        ? $"{All[name].Description} Where it is not given, the project under which the workflow or cluster is known, "
                            + "else the setting Cce:ProjectId."
                        : All[name].Description
                );
        schema["description"] = description;
        return schema;
    }

    /// <summary>The one that chooses a form.</summary>
    public static JsonObject Format(IEnumerable<string> names) =>
        new()
        {
            ["name"] = "format",
            ["in"] = "query",
            ["description"] =
                "The form of the answer, for clients that cannot set Accept; it wins over that. Another form that some route has is "
                + "406, a word that none has is 400.",
            ["schema"] = Words(names, names.First()),
        };

    private static JsonObject IdSchema() =>
        new()
        {
            ["type"] = "string",
            ["minLength"] = 1,
            ["maxLength"] = ResourceId.MaxLength,
            ["pattern"] = "^[A-Za-z0-9-]+$",
        };

    private static JsonObject ReferenceSchema() =>
        new()
        {
            ["type"] = "string",
            ["minLength"] = 1,
            ["maxLength"] = ClusterName.MaxLength,
            ["pattern"] = "^[A-Za-z0-9._-]+$",
        };

    private static JsonObject InstantSchema() =>
        new()
        {
            ["type"] = "string",
            ["anyOf"] = new JsonArray(new JsonObject { ["format"] = "date-time" }, new JsonObject { ["format"] = "date" }),
        };

    private static JsonObject Text(int max) =>
        new()
        {
            ["type"] = "string",
            ["minLength"] = 1,
            ["maxLength"] = max,
        };

    private static JsonObject Flag(bool? otherwise = null) =>
        new JsonObject { ["type"] = "boolean", ["default"] = otherwise }.WithoutNulls();

    private static JsonObject Words(IEnumerable<string> words, string? otherwise = null) =>
        new JsonObject
        {
            ["type"] = "string",
            ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]),
            ["default"] = otherwise,
        }.WithoutNulls();
}
