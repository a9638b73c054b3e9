using System.Text.Json;
using System.Text.Json.Serialization;
using Autopilot.Simulator.Faults;

namespace Autopilot.Simulator.Serving;

/// <summary>The simulator's own routes, for this machine only and without credentials: faults, ledger, requests and fleet.</summary>
internal static class SimulatorEndpoints
{
    public const string Root = "/_simulator";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static void Map(IEndpointRouteBuilder routes, SimulatorApp app)
    {
        routes.MapGet("/ledger/{id}", context => WriteAsync(context, app.Ledger.Of(context.GetRouteValue("id") as string ?? "")));
        routes.MapGet("/requests", context => WriteAsync(context, app.Requests.Counts));
        routes.MapGet(
            "/fleet",
            context =>
                WriteAsync(
                    context,
                    app.World.Workflows.OrderBy(w => w.ClusterName, StringComparer.Ordinal)
                        .Select(w => new
                        {
                            w.ProjectId,
                            w.ClusterId,
                            WorkflowId = w.Id,
                            w.ClusterName,
                            Life = w.Life.Name,
                        })
                )
        );
        routes.MapGet("/faults", context => WriteAsync(context, app.Faults.Current.Select(WireFault.Of)));
        routes.MapPost("/faults", context => AddFaultAsync(context, app.Faults));
        routes.MapDelete(
            "/faults",
            context =>
            {
                app.Faults.Clear();
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }
        );
    }

    private static async Task AddFaultAsync(HttpContext context, FaultInjector faults)
    {
        try
        {
            var wire =
                await JsonSerializer.DeserializeAsync<WireFault>(context.Request.Body, Json, context.RequestAborted)
                ?? throw new JsonException("A fault is an object.");
            var fault = wire.ToFault();
            faults.Add(fault);
            await WriteAsync(context, WireFault.Of(fault), StatusCodes.Status201Created);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            await WriteAsync(context, new { error = exception.Message }, StatusCodes.Status400BadRequest);
        }
    }

    private static Task WriteAsync<T>(HttpContext context, T value, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, Json, context.RequestAborted);
    }

    /// <summary>A fault as JSON: durations in seconds, everything but the kind optional.</summary>
    private sealed record WireFault(
        FaultKind? Kind,
        string? Path,
        double? Probability,
        int? Times,
        double? DelaySeconds,
        int? Limit,
        double? WindowSeconds
    )
    {
        public static WireFault Of(Fault fault) =>
            new(fault.Kind, fault.Path, fault.Probability, fault.Times, fault.Delay.TotalSeconds, fault.Limit, fault.Window.TotalSeconds);

        public Fault ToFault()
        {
            var fault = new Fault
            {
                Kind = Kind ?? throw new ArgumentException("A fault has a kind.", nameof(Kind)),
                Path = Path,
                Times = Times,
            };
            return fault with
            {
                Probability = Probability ?? fault.Probability,
                Delay = DelaySeconds is { } delay ? TimeSpan.FromSeconds(delay) : fault.Delay,
                Limit = Limit ?? fault.Limit,
                Window = WindowSeconds is { } window ? TimeSpan.FromSeconds(window) : fault.Window,
            };
        }
    }
}
