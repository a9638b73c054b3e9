using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Autopilot.Benchmarks.Upstream;

/// <summary>
/// Upstream as a process of its own, so that its work is not counted as ours: a bare Kestrel that answers each workflow's document,
/// prepared at the first question, after a latency that is set from outside. It checks no signature.
/// </summary>
internal static class PreparedUpstream
{
    /// <summary>The verb by which this program is upstream.</summary>
    public const string Verb = "upstream";

    /// <summary>The address that controls it: <c>?latency=20&amp;changed=50</c>.</summary>
    public const string ControlPath = "/stub";

    private static readonly ConcurrentDictionary<string, (int Number, byte[] First, byte[] Second)> Documents = new(StringComparer.Ordinal);

    private static int _latency,
        _changed;

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Run(RespondAsync);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        // The parent process holds the other end, so this process ends with it in any case.
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task RespondAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == ControlPath)
        {
            _latency = int.Parse(context.Request.Query["latency"].Single()!, CultureInfo.InvariantCulture);
            _changed = int.Parse(context.Request.Query["changed"].Single()!, CultureInfo.InvariantCulture);
            return;
        }

        if (_latency > 0)
        {
            await Task.Delay(_latency, context.RequestAborted);
        }

        var (number, first, second) = Documents.GetOrAdd(path, Prepare);
        var document = number < _changed ? second : first;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }

    private static (int Number, byte[] First, byte[] Second) Prepare(string path)
    {
        var id = path[(path.LastIndexOf('/') + 1)..];
        return (
            int.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture),
            Encoding.UTF8.GetBytes(Document(id, "Running")),
            Encoding.UTF8.GetBytes(Document(id, "Pause"))
        );
    }

    /// <summary>An upgrade under way, in the form and the size of the one in the official reference.</summary>
    private static string Document(string id, string status) =>
        $$"""
            {"kind":"WorkFlowTask","apiVersion":"v3","metadata":{"uid":"{{id}}","creationTimestamp":"2023-11-25 06:32:34.923248 +0000 UTC","updateTimestamp":"2023-11-25 07:58:35.507243 +0000 UTC"},
            "spec":{"clusterID":"b4b9e60f-8aa2-11ee-af09-0255ac10004f","clusterVersion":"v1.17.17-r0","targetVersion":"v1.19.16-r80"},
            "status":{"phase":"Running","pointStatuses":[
            {"taskType":"PreCheck","taskID":"f61e008c-1600-41c0-9bde-121de5a30660","status":"Success","startTimeStamp":"2023-11-25 07:20:04.592972 +0000 UTC","endTimeStamp":"2023-11-25 07:21:05.518966 +0000 UTC","expireTimeStamp":"2023-11-25 08:21:05.518966 +0000 UTC"},
            {"taskType":"Snapshot"},
            {"taskType":"Cluster","taskID":"6d799ff6-d6c8-4a4f-b0d1-2c2c2f5e6a3c","status":"{{status}}","startTimeStamp":"2023-11-25 07:49:30.283459 +0000 UTC"},
            {"taskType":"PostCheck"}],
            "lineStatuses":[{"startPoint":{"taskType":"PreCheck"},"endPoint":{"taskType":"Cluster"},"critical":"true"},{"startPoint":{"taskType":"Cluster"},"endPoint":{"taskType":"PostCheck"},"critical":"true"}] } }
            """;
}
