using System.Text.Json;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Formats.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Mcp;

/// <summary>
/// Half of a surrogate pair, escaped, is the one thing that JSON allows and no text can hold. The SDK meets it as a defect of its own and says nothing of use; so it is named here, before.
/// </summary>
internal static class WholeText
{
    /// <summary>JSON-RPC's code for arguments that are wrong.</summary>
    private const int InvalidParams = -32602;

    public static TBuilder AcceptsWholeTextOnly<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } next)
                endpoint.RequestDelegate = context => HttpMethods.IsPost(context.Request.Method) ? CheckAsync(context, next) : next(context);
        });
        return builder;
    }

    private static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var body = RequestBody.Of(context.Request);
        if (!HoldsHalfAPair(body.Span))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return JsonBody.WriteAsync(context, JsonBody.ContentType, Refusal(body));
    }

    /// <summary>False for what is no JSON: the SDK says so itself.</summary>
    internal static bool HoldsHalfAPair(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
            return false;
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    reader.GetString();
            }
        }
        catch (InvalidOperationException)
        {
            return true;
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }

    private static ReadOnlyMemory<byte> Refusal(ReadOnlyMemory<byte> body)
    {
        using var call = JsonDocument.Parse(body);
        return JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WritePropertyName("id");
            if (call.RootElement.ValueKind == JsonValueKind.Object && call.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number)
                id.WriteTo(writer);
            else
                writer.WriteNullValue();
            writer.WriteStartObject("error");
            writer.WriteNumber("code", InvalidParams);
            writer.WriteString("message", "A string in this call is no Unicode: it holds half of a surrogate pair. Send whole characters and call again.");
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }
}
