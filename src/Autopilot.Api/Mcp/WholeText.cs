using System.Text;
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
        var body = RequestBody.WithoutPreamble(RequestBody.Of(context.Request));
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
        var found = false;
        try
        {
            while (reader.Read())
                found = found || (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsWhole(ref reader));
        }
        catch (JsonException)
        {
            return false;
        }

        return found;
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

    /// <summary>The call's id, as it was written; null where it is none that can be told back.</summary>
    private static string? IdOf(ReadOnlySpan<byte> call)
    {
        var reader = new Utf8JsonReader(call);
        var isId = false;
        while (reader.Read())
        {
            if (isId && reader.TokenType is JsonTokenType.Number)
                return Encoding.UTF8.GetString(reader.ValueSpan);
            isId = reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName, ValueIsEscaped: false } && reader.ValueTextEquals("id"u8);
        }

        return null;
    }

    private static ReadOnlyMemory<byte> Refusal(ReadOnlyMemory<byte> body)
    {
        var id = IdOf(body.Span);
        return JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WritePropertyName("id");
            if (id is null)
                writer.WriteNullValue();
            else
                writer.WriteRawValue(id);
            writer.WriteStartObject("error");
            writer.WriteNumber("code", InvalidParams);
            writer.WriteString("message", "A string in this call is no Unicode: it holds half of a surrogate pair. Send whole characters and call again.");
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }
}
