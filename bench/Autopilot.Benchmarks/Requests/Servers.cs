using Autopilot.Server;
using Azure.Data.Tables;

namespace Autopilot.Benchmarks.Requests;

/// <summary>
/// The two that are compared, each in a process of its own: our server as anybody starts it, and the least that Kestrel can do for the same
/// answer.
/// </summary>
internal static class Servers
{
    /// <summary>The verb by which this program is one of them.</summary>
    public const string Verb = "serve";

    public const string Ours = "ours",
        Bare = "bare";

    public const string Prefix = "Bench";

    /// <summary>Serves until standard input ends.</summary>
    /// <param name="tables">The tables' connection string.</param>
    /// <param name="bodyFile">What the bare one answers with.</param>
    public static async Task<int> RunAsync(string role, string tables, string bodyFile)
    {
        await using var app = role == Ours ? OurServer(tables) : BareServer(tables, await File.ReadAllBytesAsync(bodyFile));
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static WebApplication OurServer(string tables) =>
        ServerApp.Create(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        // Not called: nothing is polled here.
                        ["Cce:Endpoint"] = "http://127.0.0.1:9",
                        ["Cce:AccessKey"] = "AK",
                        ["Cce:SecretKey"] = "SK",
                        ["AutopilotStorage"] = tables,
                        ["Storage:TablePrefix"] = Prefix,
                        ["PollSchedule"] = "disabled",
                        ["RetentionSchedule"] = "disabled",
                        ["Logging:LogLevel:Default"] = "Warning",
                    }
                )
        );

    /// <summary>The same point read with the same client library, and the same bytes; of the row it uses nothing.</summary>
    private static WebApplication BareServer(string tables, byte[] body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var table = new TableClient(tables, Prefix + "Workflows");
        app.Run(async context =>
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(
                MadeRow.Partition,
                MadeRow.Key,
                cancellationToken: context.RequestAborted
            );
            if (!row.HasValue)
            {
                throw new InvalidOperationException("The row is not there.");
            }

            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        });
        return app;
    }
}
