using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Rows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Autopilot.Api.Mcp;

/// <summary>
/// One tool. It only reads, accepts only its declared parameters, and turns every failure into a text that an agent can act on.
/// </summary>
internal sealed partial class UpgradeTool : McpServerTool
{
    private readonly IReadOnlyList<ToolParameter> _parameters;
    private readonly Func<ToolCall, CancellationToken, Task<CallToolResult>> _answer;

    public UpgradeTool(
        string name,
        string title,
        string description,
        IReadOnlyList<ToolParameter> parameters,
        JsonTypeInfo output,
        Func<ToolCall, CancellationToken, Task<CallToolResult>> answer
    )
    {
        (_parameters, _answer) = (parameters, answer);
        ProtocolTool = new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = Schema(parameters),
            OutputSchema = OutputSchema.Of(output),
            Annotations = new ToolAnnotations
            {
                Title = title,
                ReadOnlyHint = true,
                DestructiveHint = false,
                IdempotentHint = true,
                OpenWorldHint = false,
            },
        };
    }

    /// <inheritdoc/>
    public override Tool ProtocolTool { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<object> Metadata => [];

    /// <inheritdoc/>
    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken = default
    )
    {
        var services = request.Services ?? throw new InvalidOperationException("A request of MCP came without services.");
        if (!TryRead(request.Params?.Arguments, out var arguments, out var mistake))
        {
            return ToolResponse.Refused(mistake);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ResponseDeadline.Default);
        try
        {
            var call = new ToolCall(services, arguments);
            var result = await RespondAsync(call, deadline.Token, cancellationToken);
            if (call.OtherClusters is { } others)
            {
                result.Content.Add(new TextContentBlock { Text = others });
            }

            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var problem = ExceptionProblems.Of(exception);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Autopilot.Api.Mcp");
            if (problem.Code == ProblemCode.InternalError)
            {
                LogToolFailed(logger, ProtocolTool.Name, exception);
            }
            else if (problem.Status >= 500)
            {
                LogToolMetOutage(logger, ProtocolTool.Name, problem.Code);
            }

            return ToolCall.Refused(problem);
        }
    }

    private async Task<CallToolResult> RespondAsync(ToolCall call, CancellationToken deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await _answer(call, deadline);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new StorageUnavailableException(
                $"The storage did not answer within {ResponseDeadline.Default.TotalSeconds:0} s.",
                exception
            );
        }
    }

    private bool TryRead(IDictionary<string, JsonElement>? given, out Dictionary<string, string> arguments, out string mistake)
    {
        (arguments, mistake) = (new(StringComparer.Ordinal), "");
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
        {
            if (_parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } parameter)
            {
                mistake =
                    $"'{(name.Length <= 64 ? name : $"{name.AsSpan(0, 63)}…")}' is not an argument of {ProtocolTool.Name}, which "
                    + $"takes: {string.Join(", ", _parameters.Select(known => known.Name))}."
                    + (
                        name is "cluster" or "clusterId" or "clusterName" && _parameters.Any(known => known.Name == "workflowId")
                            ? " workflowId takes the name of a cluster, too."
                            : ""
                    );
            }
            else if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }
            else if (parameter.TryRead(value, out var text, out mistake))
            {
                arguments[name] = text;
            }

            if (mistake.Length > 0)
            {
                return false;
            }
        }

        var known = arguments;
        if (_parameters.FirstOrDefault(parameter => parameter.Required && !known.ContainsKey(parameter.Name)) is { } missing)
        {
            mistake =
                $"'{missing.Name}' is missing. "
                + $"{(missing.Kind is ToolValue.Id or ToolValue.Reference ? "Call list_upgrades to find ids." : missing.Description)}";
        }

        return mistake.Length == 0;
    }

    private static JsonElement Schema(IReadOnlyList<ToolParameter> parameters)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(
                parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.Schema()))
            ),
            ["required"] = new JsonArray([
                .. parameters.Where(parameter => parameter.Required).Select(parameter => JsonValue.Create(parameter.Name)),
            ]),
            ["additionalProperties"] = false,
        };
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }

    [LoggerMessage(EventId = 6041, EventName = "ToolFailed", Level = LogLevel.Error, Message = "The tool {Tool} failed by a defect")]
    private static partial void LogToolFailed(ILogger logger, string tool, Exception exception);

    [LoggerMessage(
        EventId = 6042,
        EventName = "ToolMetOutage",
        Level = LogLevel.Warning,
        Message = "The tool {Tool} could not answer: {Code}"
    )]
    private static partial void LogToolMetOutage(ILogger logger, string tool, string code);
}
