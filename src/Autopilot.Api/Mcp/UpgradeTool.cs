using System.Reflection;
using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Rows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Autopilot.Api.Mcp;

/// <summary>
/// A method of <see cref="UpgradeTools"/> as the SDK makes a tool of it, with schemas of our own, a check of the arguments and a deadline.
/// It turns every failure into a text that an agent can act on.
/// </summary>
internal sealed partial class UpgradeTool : DelegatingMcpServerTool
{
    /// <summary>Where the call is handed to the method's object.</summary>
    private const string Call = "Autopilot.ToolCall";

    private readonly IReadOnlyList<Parameter> _parameters;

    private UpgradeTool(McpServerTool tool, IReadOnlyList<Parameter> parameters)
        : base(tool) => _parameters = parameters;

    /// <summary>All tools, in the order of their methods.</summary>
    public static IReadOnlyList<McpServerTool> All { get; } =
    [
        .. typeof(UpgradeTools)
            .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(method => method.IsDefined(typeof(McpServerToolAttribute)))
            .Select(Of),
    ];

    /// <inheritdoc/>
    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken = default
    )
    {
        var services = request.Services ?? throw new InvalidOperationException("A request of MCP came without services.");
        if (!ToolArguments.TryRead(ProtocolTool.Name, _parameters, request.Params?.Arguments, out var values, out var mistake))
        {
            return ToolResponse.Refused(mistake);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ResponseDeadline.Default);
        try
        {
            var call = new ToolCall(services, values);
            request.Items[Call] = call;
            var result = await RespondAsync(request, deadline.Token, cancellationToken);
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

    private static McpServerTool Of(MethodInfo method)
    {
        var parameters = method.GetCustomAttribute<ToolArgumentsAttribute>()!.Parameters;
        var answer = method.GetCustomAttribute<McpServerToolAttribute>()!.OutputSchemaType!;
        var output = OutputSchema.Of(ApiJson.Default.GetTypeInfo(answer)!);
        var tool = McpServerTool.Create(
            method,
            request => new UpgradeTools((ToolCall)request.Items[Call]!),
            new McpServerToolCreateOptions
            {
                ReadOnly = true,
                Destructive = false,
                Idempotent = true,
                OpenWorld = false,
                // Given, so that the SDK makes none of its own.
                OutputSchema = output,
            }
        );
        (tool.ProtocolTool.InputSchema, tool.ProtocolTool.OutputSchema) = (ToolArguments.SchemaOf(parameters), output);
        return new UpgradeTool(tool, parameters);
    }

    private async Task<CallToolResult> RespondAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken deadline,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await base.InvokeAsync(request, deadline);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new StorageUnavailableException(
                $"The storage did not answer within {ResponseDeadline.Default.TotalSeconds:0} s.",
                exception
            );
        }
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
