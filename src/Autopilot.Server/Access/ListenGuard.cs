using System.Net;
using System.Net.Sockets;
using Autopilot.Core.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Access;

/// <summary>
/// Keeps the guarantee that only its own machine reaches a server without keys. It checks the addresses before it listens, and again those
/// that it listens on.
/// </summary>
internal sealed partial class ListenGuard(
    IConfiguration configuration,
    IServer server,
    IOptions<ServerOptions> options,
    ILogger<ListenGuard> logger
) : IHostedLifecycleService
{
    /// <summary>Refuses what the settings ask for, before anything is opened.</summary>
    /// <exception cref="OptionsValidationException">An address that others reach, and no key.</exception>
    public void CheckSettings()
    {
        if (options.Value.HasKeys)
        {
            return;
        }

        var asked = new List<(string Setting, string Address)>();
        asked.AddRange(Split("urls").Select(url => ("urls (ASPNETCORE_URLS, --urls)", url)));
        asked.AddRange(Split("http_ports").Select(port => ("http_ports (ASPNETCORE_HTTP_PORTS)", $"http://*:{port}")));
        asked.AddRange(Split("https_ports").Select(port => ("https_ports (ASPNETCORE_HTTPS_PORTS)", $"https://*:{port}")));
        asked.AddRange(
            configuration
                .GetSection("Kestrel:Endpoints")
                .GetChildren()
                .Where(endpoint => !string.IsNullOrEmpty(endpoint["Url"]))
                .Select(endpoint => ($"{endpoint.Path}:Url", endpoint["Url"]!))
        );
        asked.AddRange(Addresses().Select(address => ("urls", address)));
        // What overrides what is Kestrel's business: an address that is asked for anywhere without a key is a mistake.
        Refuse(asked.DistinctBy(one => one.Address));
    }

    /// <summary>Tries the ports that <c>urls</c> names: Kestrel would log a taken one with a stack trace.</summary>
    /// <exception cref="OptionsValidationException">What should be an address is none.</exception>
    /// <exception cref="IOException">A port cannot be listened on; the message says why and what to do.</exception>
    public void CheckPorts()
    {
        // Kestrel's own endpoints replace these addresses.
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            return;
        }

        var ports = Split("http_ports").Select(port => $"http://*:{port}").Concat(Split("https_ports").Select(port => $"https://*:{port}"));
        foreach (var url in Split("urls") is { Length: > 0 } urls ? urls : ports)
        {
            var address = Parse(url);
            if (address.Port > 0 && !address.IsUnixPipe && !address.IsNamedPipe)
            {
                CheckPort(url, address);
            }
        }
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new OptionsValidationException(nameof(ServerOptions), typeof(ServerOptions), [NoAddress("urls", url)]);
        }
    }

    private static void CheckPort(string url, BindingAddress address)
    {
        var ip =
            IPAddress.TryParse(address.Host.Trim('[', ']'), out var given) ? given
            : address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.Any;
        try
        {
            using var listener = new TcpListener(ip, address.Port);
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new IOException(
                exception.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse =>
                        $"{url} is already in use, perhaps by another server; give another port, such as --urls http://127.0.0.1:7072.",
                    SocketError.AccessDenied =>
                        $"{url} is not permitted to this user; give a port of 1024 or more, such as --urls http://127.0.0.1:7071.",
                    _ => $"{url}: {exception.Message}; give another address with --urls or ASPNETCORE_URLS.",
                },
                exception
            );
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        CheckSettings();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (options.Value.HasKeys)
        {
            LogKeys(logger, options.Value.ApiKeys.Count, options.Value.ManageKeys.Count);
        }
        else
        {
            Refuse(Addresses().Select(address => ("bound address", address)));
            LogNoKeys(logger);
            if (options.Value.CorsOrigins.Count > 0)
            {
                LogOriginsUnread(logger);
            }
        }
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<string> Addresses() => server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private string[] Split(string setting) =>
        configuration[setting]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static void Refuse(IEnumerable<(string Setting, string Address)> addresses)
    {
        string[] failures = [.. addresses.Select(one => Check(one.Setting, one.Address)).OfType<string>()];
        if (failures.Length > 0)
        {
            throw new OptionsValidationException(nameof(ServerOptions), typeof(ServerOptions), failures);
        }
    }

    private static string? Check(string setting, string address)
    {
        try
        {
            return Loopback.IsAddress(address)
                ? null
                : $"{setting} is {SettingsReader.Shown(address)}, which others can reach, and no key is set: "
                    + "set Server:ApiKeys:0 or Server:ManageKeys:0, or listen on a loopback address such as http://127.0.0.1:7071.";
        }
        catch (FormatException)
        {
            return NoAddress(setting, address);
        }
    }

    private static string NoAddress(string setting, string address) =>
        $"{setting} is '{SettingsReader.Shown(address)}', which is no address: "
        + "give a list such as http://127.0.0.1:7071;http://[::1]:7071.";

    [LoggerMessage(
        EventId = 3201,
        EventName = "KeysAsked",
        Level = LogLevel.Information,
        Message = "Callers are asked for a key: {ApiKeys} may read and poll, {ManageKeys} may manage"
    )]
    private static partial void LogKeys(ILogger logger, int apiKeys, int manageKeys);

    [LoggerMessage(
        EventId = 3202,
        EventName = "NoKeys",
        Level = LogLevel.Information,
        Message = "No key is set: only this machine is served, and may do everything"
    )]
    private static partial void LogNoKeys(ILogger logger);

    [LoggerMessage(
        EventId = 3204,
        EventName = "OriginsWithoutKeys",
        Level = LogLevel.Warning,
        Message = "Server:CorsOrigins has no effect without a key: no page of another origin can read an answer"
    )]
    private static partial void LogOriginsUnread(ILogger logger);
}
