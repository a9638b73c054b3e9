using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Autopilot.Api.Workflows;
using Autopilot.Core;
using Autopilot.Core.Listing;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Autopilot.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Autopilot.Api.Tests;

/// <summary>
/// The whole app behind a real Kestrel on loopback: Core, the table store on Azurite, and the HTTP surface. Only upstream is a double.
/// </summary>
internal sealed class ApiApp : IAsyncDisposable
{
    public const string Project = "9f1b2c3d4e5f60718293a4b5c6d7e8f9";
    public const string Cluster = "b4b9e60f-8aa2-11ee-af09-0255ac10004f";
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;

    private ApiApp(WebApplication app, Upstream upstream, SettableClock clock, FakeLogCollector log)
    {
        _app = app;
        Upstream = upstream;
        Clock = clock;
        Log = log;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }
    public Upstream Upstream { get; }
    public SettableClock Clock { get; }
    public FakeLogCollector Log { get; }
    public IServiceProvider Services => _app.Services;

    public static Task<ApiApp> StartAsync(AzuriteFixture azurite, string? defaultProject = Project) =>
        StartAsync(azurite.ConnectionString, defaultProject, null);

    /// <summary>With another store: for what must not need one, or must meet one that fails.</summary>
    public static Task<ApiApp> StartAsync(StoreDouble store) => StartAsync("", Project, store);

    /// <summary>With runs of its own in place of stored ones.</summary>
    public static Task<ApiApp> StartAsync(IRunStore runs) => StartAsync("", Project, new StoreDouble(), runs: runs);

    public static Task<ApiApp> StartAsync(IRunStore runs, IWorkflowListStore lists) =>
        StartAsync("", Project, new StoreDouble(), runs: runs, lists: lists);

    public static Task<ApiApp> StartAsync(StoreDouble store, IRunStore runs, IWorkflowListStore lists) =>
        StartAsync("", Project, store, runs: runs, lists: lists);

    /// <summary>As in a host that ends waits sooner.</summary>
    public static Task<ApiApp> StartAsync(StoreDouble store, WaitLimit limit) => StartAsync("", Project, store, limit: limit);

    /// <summary>With rows of its own in lists.</summary>
    public static Task<ApiApp> StartAsync(IWorkflowListStore lists) => StartAsync("", Project, new StoreDouble(), lists: lists);

    /// <summary>With settings of its own and a sender of notifications.</summary>
    public static Task<ApiApp> StartAsync(
        AzuriteFixture azurite,
        IReadOnlyDictionary<string, string?> settings,
        INotificationSender sender
    ) => StartAsync(azurite.ConnectionString, Project, null, settings, sender);

    private static async Task<ApiApp> StartAsync(
        string connectionString,
        string? defaultProject,
        StoreDouble? store,
        IReadOnlyDictionary<string, string?>? settings = null,
        INotificationSender? sender = null,
        IRunStore? runs = null,
        IWorkflowListStore? lists = null,
        WaitLimit? limit = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["AutopilotStorage"] = connectionString,
                ["Storage:TablePrefix"] = $"T{Guid.NewGuid():N}",
                ["PollSchedule"] = "0 * * * * *",
                ["Cce:ProjectId"] = defaultProject,
            }
        );
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        if (sender is not null)
        {
            builder.Services.AddSingleton(sender);
        }

        if (runs is not null)
        {
            builder.Services.AddSingleton(runs);
        }

        if (limit is not null)
        {
            builder.Services.AddSingleton(limit);
        }

        var upstream = new Upstream();
        var clock = new SettableClock(Now);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFakeLogging();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<IUpgradeWorkflowSource>(upstream).AddSingleton<IClusterSource>(upstream);
        builder.Services.AddAutopilotCore(builder.Configuration);
        if (store is null)
        {
            builder.Services.AddAutopilotStorage(builder.Configuration);
        }
        else
        {
            builder
                .Services.AddStore(store)
                .AddSingleton(lists ?? new ListStoreInMemory { Failure = store.Failure })
                .AddSingleton<IBaselineStore>(new BaselineInMemory())
                .AddSingleton<INotificationOutbox>(new MemoryOutbox())
                .AddSingleton<IRetentionStore>(new RetentionInMemory { Failure = _ => new StorageUnavailableException("Reached.") });
        }

        builder.Services.AddAutopilotApi(builder.Configuration);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseAutopilotApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ApiApp(app, upstream, clock, app.Services.GetRequiredService<FakeLogCollector>());
    }

    public static WorkflowTarget Target(string id) => new(Project, Cluster, id);

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path);

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return await response.JsonAsync();
    }

    public Task<HttpResponseMessage> PutAsync(string id, string body, string contentType = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = contentType.Length == 0 ? null : MediaTypeHeaderValue.Parse(contentType);
        return Client.PutAsync($"/api/workflows/{id}", content);
    }

    /// <summary>PUT of anything else; null sends no body at all.</summary>
    public Task<HttpResponseMessage> PutToAsync(string path, string? body) =>
        Client.PutAsync(path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> PostAsync(string path) => Client.PostAsync(path, null);

    /// <summary>Tracks a workflow and makes sure that it worked.</summary>
    public async Task TrackAsync(string id, string cluster = Cluster)
    {
        using var response = await PutAsync(id, $$"""{"clusterId":"{{cluster}}"}""");
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Polls one workflow and makes sure that it worked.</summary>
    public async Task<JsonElement> PollAsync(string id)
    {
        using var response = await PostAsync($"/api/workflows/{id}/poll");
        return await response.JsonAsync();
    }

    /// <summary>Follows <c>nextLink</c> to the end.</summary>
    public async Task<List<JsonElement>> PagesAsync(string path)
    {
        List<JsonElement> pages = [];
        for (string? next = path; next is not null; next = pages[^1].TryGetProperty("nextLink", out var link) ? link.GetString() : null)
        {
            Assert.True(pages.Count < 1000, "The pages do not end.");
            pages.Add(await GetJsonAsync(next));
        }

        return pages;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

internal static class Responses
{
    /// <summary>The body of a good answer.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Whether it is a problem as the contract wants every error to be; answers its detail.</summary>
    public static async Task<string> ProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal((status, code), ((int)response.StatusCode, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.NotEqual("", problem.GetProperty("traceId").GetString());
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", response.Header("Referrer-Policy"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", response.Header("Content-Security-Policy"));
        return problem.TryGetProperty("detail", out var detail) ? detail.GetString()! : "";
    }

    /// <summary>A response header as text; null where it is not there.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        // As it was sent: the typed view sorts and rewrites.
        response.Headers.NonValidated.TryGetValues(name, out var values)
        || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
