using System.Text;

namespace Autopilot.Benchmarks.Requests;

/// <summary>
/// A table service of one row that answers at once, since a real emulator would be what limits both. Whatever else is asked for is not
/// there.
/// </summary>
internal sealed class FakeTables : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _reads,
        _others;

    private FakeTables(WebApplication app) => _app = app;

    /// <summary>The development account's well-known name and key, at the address of this service.</summary>
    public string ConnectionString =>
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + $"TableEndpoint={_app.Urls.Single()}/devstoreaccount1;";

    /// <summary>Point reads of the row so far.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Requests for anything else.</summary>
    public long Others => Interlocked.Read(ref _others);

    public static async Task<FakeTables> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var tables = new FakeTables(app);
        var row = MadeRow.Json();
        var nothing = Encoding.UTF8.GetBytes(
            """{"odata.error":{"code":"ResourceNotFound","message":{"lang":"en-US","value":"Not found."} } }"""
        );
        var none = Encoding.UTF8.GetBytes("""{"value":[]}""");
        var path = $"/devstoreaccount1/{Servers.Prefix}Workflows(PartitionKey='{MadeRow.Partition}',RowKey='{MadeRow.Key}')";
        app.Run(async context =>
        {
            var found = context.Request.Path.Value == path;
            if (found)
            {
                Interlocked.Increment(ref tables._reads);
            }
            else
            {
                Interlocked.Increment(ref tables._others);
            }

            var query = context.Request.Path.Value?.EndsWith("()", StringComparison.Ordinal) is true;
            var body =
                found ? row
                : query ? none
                : nothing;
            context.Response.StatusCode = found || query ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
            context.Response.ContentType = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8";
            context.Response.ContentLength = body.Length;
            if (found)
            {
                context.Response.Headers.ETag = MadeRow.Version;
            }

            if (!found && !query)
            {
                context.Response.Headers["x-ms-error-code"] = "ResourceNotFound";
            }

            await context.Response.Body.WriteAsync(body);
        });
        await app.StartAsync();
        return tables;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
