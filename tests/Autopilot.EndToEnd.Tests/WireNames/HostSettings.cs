using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Autopilot.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.EndToEnd.Tests.WireNames;

/// <summary>The settings that the two hosts ask for when they are built, with their defaults and what is allowed.</summary>
internal static partial class HostSettings
{
    /// <summary>With these both hosts build, and the optional parts are there to ask for their settings.</summary>
    private static readonly Dictionary<string, string?> Given = new()
    {
        ["urls"] = "http://127.0.0.1:0",
        // The discard port: nothing listens there, and nothing here needs storage.
        ["AutopilotStorage"] =
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
            + "TableEndpoint=http://127.0.0.1:9/devstoreaccount1;QueueEndpoint=http://127.0.0.1:9/devstoreaccount1",
        ["Cce:Endpoint"] = "http://127.0.0.1:9",
        ["Cce:ProjectId"] = "77b6a44cba5143ab91d13ab9a8ff44fd",
        ["Cce:AccessKey"] = "TESTACCESSKEY",
        ["Cce:SecretKey"] = "test-secret-key-that-protects-nothing",
        ["PollSchedule"] = "disabled",
        ["RetentionSchedule"] = "disabled",
        ["Notifications:Webhooks:0:Url"] = "http://127.0.0.1:9/hook",
    };

    private static readonly Lazy<(IReadOnlyList<string> Names, IReadOnlyDictionary<string, string> Defaults)> Read = new(ReadAll);
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Probed = new(ProbeAll);

    /// <summary>Every setting in ordinal order, the place of an entry of a list written as <c>N</c>; none of the platform's own.</summary>
    public static IReadOnlyList<string> Names => Read.Value.Names;

    /// <summary>The defaults of the settings whose options have a property of their name, as a setting would be written.</summary>
    public static IReadOnlyDictionary<string, string> Defaults => Read.Value.Defaults;

    /// <summary>What an error message says is allowed, of the settings that refuse <c>?</c> and show it.</summary>
    public static IReadOnlyDictionary<string, string> Allowed => Probed.Value;

    /// <summary>A server that needs no storage to start.</summary>
    public static WebApplication Server(Dictionary<string, string?> more) => Server(more, out _, null);

    private static WebApplication Server(Dictionary<string, string?> more, out IServiceCollection services, RecordedSettings? recorded)
    {
        IServiceCollection? added = null;
        var app = ServerApp.Create(
            [],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(Given).AddInMemoryCollection(more);
                builder.Logging.ClearProviders();
                added = builder.Services;
                if (recorded is not null)
                {
                    ((IConfigurationBuilder)builder.Configuration).Add(recorded);
                }
            }
        );
        services = added!;
        return app;
    }

    /// <summary>The function app's services, for each method that registers a part of it, whatever it is called.</summary>
    private static IEnumerable<FunctionsApplicationBuilder> FunctionApps(Dictionary<string, string?> more, RecordedSettings? recorded)
    {
        var registrations = Assembly
            .Load("Autopilot.Functions")
            .GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
            .Where(method =>
                method.ReturnType == typeof(FunctionsApplicationBuilder)
                && method.GetParameters() is [{ } only]
                && only.ParameterType == method.ReturnType
            )
            .ToList();
        Assert.NotEmpty(registrations);
        foreach (var registration in registrations)
        {
            var builder = FunctionsApplication.CreateBuilder([]);
            builder.Configuration.AddInMemoryCollection(Given).AddInMemoryCollection(more);
            if (recorded is not null)
            {
                ((IConfigurationBuilder)builder.Configuration).Add(recorded);
            }

            registration.Invoke(null, [builder]);
            yield return builder;
        }
    }

    private static (IReadOnlyList<string>, IReadOnlyDictionary<string, string>) ReadAll()
    {
        var recorded = new RecordedSettings();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var defaults = new Dictionary<string, string>(StringComparer.Ordinal);
        Server([], out var server, recorded).DisposeAsync().AsTask().GetAwaiter().GetResult();
        names.UnionWith(recorded.Names);
        ReadOptions(server);
        foreach (var functions in FunctionApps([], recorded))
        {
            names.UnionWith(recorded.Names);
            ReadOptions(functions.Services);
        }

        return ([.. names.Where(name => !Platform().IsMatch(name)).Order(StringComparer.Ordinal)], defaults);

        void ReadOptions(IServiceCollection services)
        {
            using var provider = services.BuildServiceProvider();
            foreach (
                var type in services
                    .Select(service => service.ServiceType)
                    .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConfigureOptions<>))
                    .Select(type => type.GetGenericArguments()[0])
                    .Distinct()
                    .Where(type => type.Assembly.GetName().Name!.StartsWith("Autopilot.", StringComparison.Ordinal))
                    .ToList()
            )
            {
                recorded.Clear();
                var factory = typeof(IOptionsFactory<>).MakeGenericType(type);
                factory.GetMethod("Create")!.Invoke(provider.GetRequiredService(factory), [Options.DefaultName]);
                names.UnionWith(recorded.Names);
                foreach (var name in recorded.Names)
                {
                    if (Written(ValueOf(Activator.CreateInstance(type)!, name)) is { } text)
                    {
                        defaults[name] = text;
                    }
                }
            }
        }
    }

    /// <summary>The property that a setting's name leads to; the section itself is the object.</summary>
    private static object? ValueOf(object options, string name)
    {
        var parts = name.Split(':');
        object? value = options;
        foreach (var part in parts.Length > 1 ? parts[1..] : parts)
        {
            value = value
                ?.GetType()
                .GetProperty(part, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
                ?.GetValue(value);
        }

        return value;
    }

    private static string? Written(object? value) =>
        value switch
        {
            string text => text,
            TimeSpan { Ticks: var ticks } span => span.ToString(
                ticks % TimeSpan.TicksPerSecond == 0 ? "c" : @"hh\:mm\:ss\.fff",
                CultureInfo.InvariantCulture
            ),
            bool flag => flag ? "true" : "false",
            int number => number.ToString(CultureInfo.InvariantCulture),
            Enum word => word.ToString(),
            _ => null,
        };

    private static Dictionary<string, string> ProbeAll()
    {
        var allowed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Names)
        {
            Dictionary<string, string?> wrong = new() { [Place().Replace(name, ":0")] = "?" };
            var failures = FailuresOf(Record.Exception(() => Server(wrong).DisposeAsync().AsTask().GetAwaiter().GetResult()))
                .Concat(
                    FunctionApps(wrong, null)
                        .SelectMany(builder =>
                        {
                            using var provider = builder.Services.BuildServiceProvider();
                            return FailuresOf(Record.Exception(() => provider.GetService<IStartupValidator>()?.Validate()));
                        })
                );
            if (failures.Select(failure => Refusal().Match(failure)).FirstOrDefault(match => match.Success) is { } rejection)
            {
                allowed[name] = rejection.Groups["allowed"].Value + rejection.Groups["more"].Value;
            }
        }

        return allowed;
    }

    private static IEnumerable<string> FailuresOf(Exception? exception) =>
        exception switch
        {
            OptionsValidationException options => options.Failures,
            AggregateException all => all.InnerExceptions.SelectMany(FailuresOf),
            _ => [],
        };

    /// <summary>Settings that the platform and its libraries read by themselves.</summary>
    [GeneratedRegex(
        "(?i)^(Logging|Kestrel|AllowedHosts|OTEL_|ASPNETCORE|DOTNET|WEBSITE|FUNCTIONS|AZURE_|urls|http_ports|"
            + "https_ports|contentRoot|environment|applicationName|webroot|hostingStartup|startupAssembly|"
            + "preventHostingStartup|suppressStatusMessages|captureStartupErrors|detailedErrors|"
            + "shutdownTimeoutSeconds|preferHostingUrls|server$|server:N$|staticWebAssets|forwardedHeaders_enabled|"
            + "reloadConfigOnChange|hostBuilder|Metrics:|services(Start|Stop)Concurrently|startupTimeoutSeconds)|"
            + ":N:N$"
    )]
    private static partial Regex Platform();

    [GeneratedRegex(":N(?=:|$)")]
    private static partial Regex Place();

    [GeneratedRegex(@" is '\?': give (?<allowed>.+?)(, written \[days\.\]hours:minutes:seconds(?<more>, or '[^']+')?)?\.$")]
    private static partial Regex Refusal();
}
