using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Autopilot.Core.Settings;
using Autopilot.Server.Access;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Tests.Deployment;

/// <summary>The image and <c>compose.yaml</c>, read as data: no container runs in the tests.</summary>
public sealed partial class ContainerTests
{
    private static readonly JsonNode Compose = YamlFile.Read("compose.yaml");
    private static readonly Dictionary<string, string> Given = new(StringComparer.Ordinal)
    {
        ["CCE_REGION"] = "ap-southeast-3",
        ["CCE_PROJECT_ID"] = "77b6a44cba5143ab91d13ab9a8ff44fd",
        ["CCE_ACCESS_KEY"] = "TESTACCESSKEY",
        ["CCE_SECRET_KEY"] = "test-secret-key-that-protects-nothing",
        ["AUTOPILOT_MANAGE_KEY"] = "test-manage-key-0123456789",
    };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Services => Compose["services"]!.AsObject();

    [Fact]
    public async Task The_servers_settings_are_good_and_each_is_one_that_it_knows()
    {
        await using var app = ServerApp.Create([], builder => builder.Configuration.AddInMemoryCollection(Environment(Given)));

        app.Services.GetRequiredService<ListenGuard>().CheckSettings();
        Assert.Empty(app.Services.GetRequiredService<SettingsRegistry>().Unknown(app.Configuration));
    }

    [Fact]
    public void Without_a_key_it_would_not_listen_to_others()
    {
        var settings = Environment(Given);
        settings.Remove("Server:ManageKeys:0");

        using var app = ServerApp.Create([], builder => builder.Configuration.AddInMemoryCollection(settings));

        Assert.Throws<OptionsValidationException>(app.Services.GetRequiredService<ListenGuard>().CheckSettings);
    }

    [Fact]
    public void What_must_be_given_is_asked_for_by_name() =>
        Assert.Equal(
            ["AUTOPILOT_MANAGE_KEY", "CCE_ACCESS_KEY", "CCE_PROJECT_ID", "CCE_REGION", "CCE_SECRET_KEY"],
            Required().Matches(Repository.Text("compose.yaml")).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Only_this_machine_reaches_what_it_opens() =>
        Assert.All(
            Services.SelectMany(service => service.Value!["ports"]?.AsArray() ?? []).Select(port => (string)port!),
            port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal)
        );

    [Fact]
    public void Every_service_gives_up_its_privileges_and_is_started_again() =>
        Assert.All(
            Services,
            service =>
            {
                Assert.Equal("ALL", (string?)service.Value!["cap_drop"]![0]);
                Assert.Equal("no-new-privileges:true", (string?)service.Value["security_opt"]![0]);
                Assert.NotNull(service.Value["restart"]);
            }
        );

    [Fact]
    public void Every_image_has_a_version_and_azurites_is_the_one_of_the_tests()
    {
        var images = Services.Select(service => (string?)service.Value!["image"]).OfType<string>().ToList();

        Assert.NotEmpty(images);
        Assert.All(images, image => Assert.Matches(@":v?\d+\.\d+\.\d+$", image));
        var azurite = (string)JsonNode.Parse(Repository.Text("tools/Autopilot.Azurite/package.json"))!["dependencies"]!["azurite"]!;
        Assert.Contains($"mcr.microsoft.com/azure-storage/azurite:{azurite}", images);
    }

    [Fact]
    public void Every_file_that_a_service_is_given_is_there() =>
        Assert.All(
            Services.SelectMany(service => service.Value!["volumes"]?.AsArray() ?? []).Select(volume => ((string)volume!).Split(':')),
            volume =>
                Assert.True(
                    volume[0].StartsWith("./", StringComparison.Ordinal)
                        ? Path.Exists(Path.Combine(Repository.Root, volume[0])) && volume[^1] == "ro"
                        : Compose["volumes"]!.AsObject().ContainsKey(volume[0]),
                    volume[0]
                )
        );

    [Fact]
    public void Metrics_find_their_way_from_the_server_to_the_dashboard()
    {
        var collector = YamlFile.Read("infra/server/collector.yaml");
        var scraped = (string)YamlFile.Read("infra/server/prometheus.yaml")["scrape_configs"]![0]!["static_configs"]![0]!["targets"]![0]!;
        var source = YamlFile.Read("infra/grafana/provisioning/datasources/prometheus.yaml")["datasources"]![0]!;

        Assert.Equal("http://collector:4317", Environment(Given)["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.EndsWith(":4317", (string)collector["receivers"]!["otlp"]!["protocols"]!["grpc"]!["endpoint"]!, StringComparison.Ordinal);
        Assert.Equal($"collector:{((string)collector["exporters"]!["prometheus"]!["endpoint"]!).Split(':')[1]}", scraped);
        Assert.Equal("http://prometheus:9090", (string?)source["url"]);
        Assert.Equal(
            (string?)source["uid"],
            (string?)JsonNode.Parse(Repository.Text("infra/grafana/autopilot.json"))!["templating"]!["list"]![0]!["current"]!["value"]
        );
        var mounted = Compose["services"]!["grafana"]!["volumes"]!.AsArray().Select(volume => ((string)volume!).Split(':')[1]).ToList();
        Assert.Contains(
            (string?)YamlFile.Read("infra/grafana/provisioning/dashboards/autopilot.yaml")["providers"]![0]!["options"]!["path"]
                + "/autopilot.json",
            mounted
        );
        Assert.Contains((string?)Compose["services"]!["grafana"]!["environment"]!["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"], mounted);
    }

    [Fact]
    public void The_collector_takes_every_signal_and_its_pipelines_use_what_is_defined()
    {
        var collector = YamlFile.Read("infra/server/collector.yaml");
        var pipelines = collector["service"]!["pipelines"]!.AsObject();

        Assert.Equal(["logs", "metrics", "traces"], pipelines.Select(pipeline => pipeline.Key).Order(StringComparer.Ordinal));
        foreach (var part in new[] { "receivers", "processors", "exporters" })
        {
            var used = pipelines
                .SelectMany(pipeline => pipeline.Value![part]!.AsArray())
                .Select(name => (string)name!)
                .Distinct()
                .Order(StringComparer.Ordinal);
            Assert.Equal(collector[part]!.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal), used);
        }
    }

    [Fact]
    public void The_image_runs_the_server_on_its_framework_and_not_as_root()
    {
        var stages = Repository.Text("Dockerfile").Split("\nFROM ");
        var build = stages[1];
        var image = stages[^1];

        Assert.Contains("mcr.microsoft.com/dotnet/sdk:10.0 ", build, StringComparison.Ordinal);
        Assert.StartsWith("mcr.microsoft.com/dotnet/aspnet:10.0-", image, StringComparison.Ordinal);
        Assert.Contains("<TargetFramework>net10.0</TargetFramework>", Repository.Text("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("dotnet restore --locked-mode ", build, StringComparison.Ordinal);
        Assert.Contains("\nUSER $APP_UID\n", image, StringComparison.Ordinal);
        Assert.EndsWith($"\nENTRYPOINT [\"/app/{typeof(ServerApp).Assembly.GetName().Name}\"]\n", image, StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_is_made_of_what_is_let_in_and_all_of_it_is_used()
    {
        var copied = Regex.Match(Repository.Text("Dockerfile"), @"\nCOPY (.+) \./\nCOPY (src)/ src/\n") is { Success: true } match
            ? match.Groups[1].Value.Split(' ').Append(match.Groups[2].Value).ToList()
            : [];
        var letIn = Repository
            .Text(".dockerignore")
            .Split('\n')
            .Where(line => line.StartsWith('!'))
            .Select(line => line[1..].Replace("/**", "", StringComparison.Ordinal));

        Assert.Equal(copied.Order(StringComparer.Ordinal), letIn.Order(StringComparer.Ordinal));
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
        Assert.Contains("\n*\n", Repository.Text(".dockerignore"), StringComparison.Ordinal);
    }

    /// <summary>What the server is started with: the image's variables, and those of the service.</summary>
    private static Dictionary<string, string?> Environment(Dictionary<string, string> given)
    {
        var settings = Compose["services"]!["server"]!["environment"]!
            .AsObject()
            .ToDictionary(
                variable => variable.Key.Replace("__", ":", StringComparison.Ordinal),
                string? (variable) => Variable().Replace((string)variable.Value!, match => given[match.Groups[1].Value]),
                StringComparer.Ordinal
            );
        settings["http_ports"] = Regex.Match(Repository.Text("Dockerfile"), @"ASPNETCORE_HTTP_PORTS=(\d+)").Groups[1].Value;
        return settings;
    }

    [GeneratedRegex(@"\$\{([A-Z_]+)(?::\?[^}]*)?\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$\{([A-Z_]+):\?[^}]+\}")]
    private static partial Regex Required();
}
