using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Formats.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Autopilot.Api.Mcp;

/// <summary>
/// Answers what is no message of the protocol before the SDK reads it. The SDK answers some of these with a status of 500, and others with
/// a code that the protocol does not give them.
/// </summary>
internal static class MessageCheck
{
    /// <summary>Names the version of the protocol that the request follows; absent before 2025-06-18.</summary>
    private const string VersionHeader = "MCP-Protocol-Version";

    /// <summary>Longest text of the caller that an answer repeats, in characters.</summary>
    private const int MaxRepeated = 64;

    public static TBuilder ChecksMessages<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } next)
            {
                endpoint.RequestDelegate = context =>
                    HttpMethods.IsPost(context.Request.Method) ? CheckAsync(context, next) : next(context);
            }
        });
        return builder;
    }

    private static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!IsUtf8Json(request.ContentType))
        {
            return new ProblemResult(ProblemFactory.NotJson()).ExecuteAsync(context);
        }

        // A body without a type is taken for JSON, as on every route. The SDK requires the type, and accepts no quotes around the encoding.
        request.ContentType = "application/json";
        var version = request.Headers[VersionHeader].ToString();
        return Refuse(RequestBody.WithoutPreamble(RequestBody.Of(request)), version) is { } rejection
            ? RespondAsync(context, rejection)
            : next(context);
    }

    /// <summary>What is wrong with a message; null where the SDK may read it.</summary>
    /// <param name="body">UTF-8 without a byte order mark.</param>
    /// <param name="version">Of the header; empty where there is none.</param>
    internal static MessageRejection? Refuse(ReadOnlyMemory<byte> body, string version)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return Unreadable(RpcError.ParseError, "The message is not UTF-8.");
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (HoldsHalfAPair(body.Span))
            {
                const string Half =
                    "A string in this call is no Unicode: it holds half of a surrogate pair. Send whole characters and call again.";
                return Unreadable(RpcError.InvalidParams, Half, NumberOf(body.Span));
            }

            return Refuse(document.RootElement, version);
        }
        catch (JsonException)
        {
            return Unreadable(RpcError.ParseError, body.IsEmpty ? "There is no message: the body is empty." : "The message is not JSON.");
        }
    }

    private static MessageRejection? Refuse(JsonElement message, string version)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return Unreadable(RpcError.InvalidRequest, "A message is one JSON object; batches are not taken.");
        }

        if (!message.TryGetProperty("jsonrpc", out var dialect) || dialect.ValueKind != JsonValueKind.String || !dialect.ValueEquals("2.0"))
        {
            return Unreadable(RpcError.InvalidRequest, "'jsonrpc' must be \"2.0\".", IdOf(message));
        }

        if (!message.TryGetProperty("method", out var method))
        {
            // A client's answer to a question of ours; the SDK takes it and drops it.
            return message.TryGetProperty("result", out _) || message.TryGetProperty("error", out _)
                ? null
                : Unreadable(RpcError.InvalidRequest, "'method' is missing.", IdOf(message));
        }

        if (method.ValueKind != JsonValueKind.String)
        {
            return Unreadable(RpcError.InvalidRequest, "'method' must be a string.", IdOf(message));
        }

        var isNotification = !message.TryGetProperty("id", out _);
        var id = IdOf(message);
        if (!isNotification && id is null)
        {
            return Unreadable(RpcError.InvalidRequest, "'id' must be a string or a whole number.");
        }

        if (version.Length > 0 && !ProtocolVersions.All.Contains(version))
        {
            return new MessageRejection(
                StatusCodes.Status400BadRequest,
                id,
                RpcError.UnsupportedVersion,
                $"{VersionHeader} names a version that is not supported here.",
                UnsupportedVersion(version)
            );
        }

        // A notification is never answered, whatever it holds.
        return !isNotification && MistakeIn(method.GetString()!, message) is { } mistake
            ? new MessageRejection(StatusCodes.Status200OK, id, RpcError.InvalidParams, mistake) { Method = method.GetString()! }
            : null;
    }

    private static string? MistakeIn(string method, JsonElement message)
    {
        if (
            message.TryGetProperty("params", out var parameters) && parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)
        )
        {
            return "'params' must be an object.";
        }

        if (Member(parameters, "_meta") is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            return "'_meta' must be an object.";
        }

        // The SDK reads both of any method, for headers that repeat them.
        foreach (var name in (ReadOnlySpan<string>)["name", "uri"])
        {
            if (Member(parameters, name) is { ValueKind: not (JsonValueKind.String or JsonValueKind.Null) })
            {
                return $"'{name}' must be a string.";
            }
        }

        return method switch
        {
            "tools/call" when Member(parameters, "name") is not { ValueKind: JsonValueKind.String } =>
                "'name' is missing: the name of a tool, as tools/list gives it.",
            "tools/call" when Member(parameters, "arguments") is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) } =>
                "'arguments' must be an object.",
            // The list has one page, so that no cursor is ever handed out.
            "tools/list" when Member(parameters, "cursor") is { ValueKind: not JsonValueKind.Null } =>
                "Invalid cursor: all tools are on the first page, which is asked for without one.",
            "initialize" when Member(parameters, "protocolVersion") is not { ValueKind: JsonValueKind.String } =>
                "'protocolVersion' is missing.",
            _ => null,
        };
    }

    private static JsonElement? Member(JsonElement parameters, string name) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(name, out var value) ? value : null;

    /// <summary>JSON in another encoding than UTF-8 is refused: nothing here would read it.</summary>
    private static bool IsUtf8Json(string? contentType) =>
        RequestBody.IsJson(contentType)
        && (
            contentType is null
            || !MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !type.Charset.HasValue
            || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The call's id as it was written; null where it is none, or none that can be repeated.</summary>
    private static string? IdOf(JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id))
        {
            return null;
        }

        return id.ValueKind switch
        {
            JsonValueKind.Number when id.TryGetInt64(out _) => id.GetRawText(),
            JsonValueKind.String => id.GetRawText(),
            _ => null,
        };
    }

    /// <summary>
    /// Finds half of a surrogate pair, escaped: JSON allows it and no .NET string can be made of it. Read by hand, since
    /// <c>JsonDocument</c> throws on such a member name.
    /// </summary>
    private static bool HoldsHalfAPair(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsWhole(ref reader))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWhole(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The numeric id of a message that holds half of a pair, as it was written; null for any other.</summary>
    private static string? NumberOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var isId = false;
        while (reader.Read())
        {
            if (isId && reader.TokenType is JsonTokenType.Number)
            {
                return Encoding.UTF8.GetString(reader.ValueSpan);
            }

            isId =
                reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName, ValueIsEscaped: false }
                && reader.ValueTextEquals("id"u8);
        }

        return null;
    }

    private static MessageRejection Unreadable(int code, string message, string? id = null) =>
        new(StatusCodes.Status400BadRequest, id, code, message);

    private static JsonObject UnsupportedVersion(string requested) =>
        new()
        {
            ["supported"] = new JsonArray([.. ProtocolVersions.All.Select(version => JsonValue.Create(version))]),
            ["requested"] = requested.Length <= MaxRepeated ? requested : requested[..MaxRepeated],
        };

    private static Task RespondAsync(HttpContext context, MessageRejection rejection)
    {
        McpLog.Refused(context.RequestServices.GetRequiredService<ILoggerFactory>(), rejection.Code, rejection.Method);
        context.Response.StatusCode = rejection.Status;
        return JsonBody.WriteAsync(
            context,
            JsonBody.ContentType,
            JsonBytes.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("jsonrpc", "2.0");
                writer.WritePropertyName("id");
                if (rejection.Id is null)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    writer.WriteRawValue(rejection.Id);
                }

                writer.WriteStartObject("error");
                writer.WriteNumber("code", rejection.Code);
                writer.WriteString("message", rejection.Message);
                if (rejection.Data is not null)
                {
                    writer.WritePropertyName("data");
                    rejection.Data.WriteTo(writer);
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
            })
        );
    }
}
