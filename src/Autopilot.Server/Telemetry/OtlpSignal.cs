using System.Globalization;
using OpenTelemetry.Exporter;

namespace Autopilot.Server.Telemetry;

/// <summary>
/// The standard variables of one signal. <c>OTEL_EXPORTER_OTLP_{signal}_*</c> wins over <c>OTEL_EXPORTER_OTLP_*</c>; the exporter itself
/// reads only the general ones. Source: the OpenTelemetry specification, "OpenTelemetry Protocol Exporter".
/// </summary>
/// <param name="configuration">Where the variables are.</param>
/// <param name="signal"><c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c>.</param>
internal sealed class OtlpSignal(IConfiguration configuration, string signal)
{
    /// <summary>Every signal, by the name that variables have for it.</summary>
    public static readonly string[] Names = ["TRACES", "METRICS", "LOGS"];

    private const string General = "OTEL_EXPORTER_OTLP";

    private string Own => $"{General}_{signal}";

    /// <summary>Whether the signal is gathered and sent: an endpoint is given, and no setting turns the signal off.</summary>
    public bool IsExported =>
        !"true".Equals(Text("OTEL_SDK_DISABLED"), StringComparison.OrdinalIgnoreCase)
        && !"none".Equals(Text($"OTEL_{signal}_EXPORTER"), StringComparison.OrdinalIgnoreCase)
        && Address(Text($"{Own}_ENDPOINT") ?? Text($"{General}_ENDPOINT")) is not null;

    /// <summary>
    /// Gives an exporter what is said of this signal alone. A signal's own endpoint is taken as it stands; to the general one the exporter
    /// adds the signal's path.
    /// </summary>
    public void Apply(OtlpExporterOptions options)
    {
        if (Protocol(Text($"{Own}_PROTOCOL")) is { } protocol)
        {
            options.Protocol = protocol;
        }

        if (Address(Text($"{Own}_ENDPOINT")) is { } endpoint)
        {
            options.Endpoint = endpoint;
        }

        if (Text($"{Own}_HEADERS") is { } headers)
        {
            options.Headers = headers;
        }

        if (Milliseconds(Text($"{Own}_TIMEOUT")) is { } timeout)
        {
            options.TimeoutMilliseconds = timeout;
        }

        if (Compression(Text($"{Own}_COMPRESSION")) is { } compression)
        {
            options.Compression = compression;
        }
    }

    /// <summary>
    /// A sentence for each variable whose value means nothing and is left out, with the variable's name and what is allowed. Never the
    /// value: an address may hold a secret.
    /// </summary>
    public static IEnumerable<string> Ignored(IConfiguration configuration)
    {
        foreach (var prefix in Names.Select(name => $"{General}_{name}").Prepend(General))
        {
            if (IsUnknown(configuration, $"{prefix}_ENDPOINT", text => Address(text) is not null))
            {
                yield return $"{prefix}_ENDPOINT is no address: give one such as http://collector:4317";
            }

            if (IsUnknown(configuration, $"{prefix}_PROTOCOL", text => Protocol(text) is not null))
            {
                yield return $"{prefix}_PROTOCOL is not supported: give grpc or http/protobuf";
            }

            if (IsUnknown(configuration, $"{prefix}_TIMEOUT", text => Milliseconds(text) is not null))
            {
                yield return $"{prefix}_TIMEOUT is no time: give a whole number of milliseconds, 1 or more";
            }

            if (IsUnknown(configuration, $"{prefix}_COMPRESSION", text => Compression(text) is not null))
            {
                yield return $"{prefix}_COMPRESSION is not supported: give gzip or none";
            }
        }

        foreach (var name in Names)
        {
            if (IsUnknown(configuration, $"OTEL_{name}_EXPORTER", text => text.ToLowerInvariant() is "otlp" or "none"))
            {
                yield return $"OTEL_{name}_EXPORTER is not supported: give otlp or none";
            }
        }

        static bool IsUnknown(IConfiguration configuration, string variable, Func<string, bool> isKnown) =>
            Text(configuration, variable) is { } text && !isKnown(text);
    }

    /// <summary>A sentence for each list of headers that no exporter can be made with.</summary>
    public static IEnumerable<string> Wrong(IConfiguration configuration) =>
        from prefix in Names.Select(name => $"{General}_{name}").Prepend(General)
        let headers = Text(configuration, $"{prefix}_HEADERS")
        where
            headers is not null
            && Uri.UnescapeDataString(headers).Split(',').Any(header => header.IndexOf('=', StringComparison.Ordinal) < 1)
        select $"{prefix}_HEADERS is no list of headers: give name=value, several separated by commas.";

    private string? Text(string variable) => Text(configuration, variable);

    private static string? Text(IConfiguration configuration, string variable) =>
        configuration[variable]?.Trim() is { Length: > 0 } text ? text : null;

    private static Uri? Address(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") ? uri : null;

    private static OtlpExportProtocol? Protocol(string? text) =>
        text switch
        {
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => null,
        };

    private static int? Milliseconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0 ? milliseconds : null;

    private static OtlpExportCompression? Compression(string? text) =>
        text?.ToLowerInvariant() switch
        {
            "gzip" => OtlpExportCompression.GZip,
            "none" => OtlpExportCompression.None,
            _ => null,
        };
}
