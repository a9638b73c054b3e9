using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: HostingStartup(typeof(ObservedServer))]

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>
/// What is put into a real server process from outside, as any host may do it: a clock that can be set, and an ear for its counters.
/// Nothing of the server is replaced.
/// </summary>
internal sealed class ObservedServer : IHostingStartup
{
    /// <summary>Path of the clock's file.</summary>
    public const string ClockVariable = "AUTOPILOT_ENDURANCE_CLOCK";

    /// <summary>Where the counters are written when the server stops.</summary>
    public const string CountersVariable = "AUTOPILOT_ENDURANCE_COUNTERS";

    /// <summary>
    /// Only where it was asked for: in the tests' own process every server that they start loads what their assembly names.
    /// </summary>
    public void Configure(IWebHostBuilder builder)
    {
        if (Environment.GetEnvironmentVariable(ClockVariable) is { } clock)
        {
            builder.ConfigureServices(services =>
                services.AddSingleton<TimeProvider>(JumpingClock.Open(clock)).AddHostedService<Counters>()
            );
        }
    }

    /// <summary>The environment that puts this into a server.</summary>
    public static Dictionary<string, string> Environs(string clock, string counters) =>
        new()
        {
            ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(ObservedServer).Assembly.GetName().Name!,
            [ClockVariable] = clock,
            [CountersVariable] = counters,
        };

    /// <summary>Adds up every counter of the product by its name and tags.</summary>
    private sealed class Counters : IHostedService, IDisposable
    {
        private readonly ConcurrentDictionary<string, long> _sums = new(StringComparer.Ordinal);
        private readonly MeterListener _listener = new();

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is Counter<long> && instrument.Meter.Name.StartsWith("Autopilot", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>(
                (instrument, value, tags, _) =>
                {
                    var name =
                        instrument.Name
                        + string.Concat(
                            tags.ToArray().Select(tag => string.Create(CultureInfo.InvariantCulture, $" {tag.Key}={tag.Value}"))
                        );
                    _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
                }
            );
            _listener.Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        // After the last cycle has ended.
        public void Dispose()
        {
            _listener.Dispose();
            File.WriteAllLines(
                Environment.GetEnvironmentVariable(CountersVariable)!,
                _sums.Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Key}\t{sum.Value}"))
            );
        }
    }
}
