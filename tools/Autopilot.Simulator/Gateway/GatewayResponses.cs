using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autopilot.Simulator.Gateway;

/// <summary>Responses, and errors in the form of their origin: the gateway, CCE or IAM.</summary>
internal static class GatewayResponses
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const string RequestIdHeader = "X-Request-Id";

    public static Task JsonAsync(this HttpContext context, int status, JsonNode body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Json);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json;charset=UTF-8";
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    /// <summary>The API gateway's shape, in front of every service.</summary>
    public static Task GatewayErrorAsync(this HttpContext context, int status, string code, string message) =>
        context.JsonAsync(
            status,
            new JsonObject
            {
                ["error_msg"] = message,
                ["error_code"] = code,
                ["request_id"] = context.Response.Headers[RequestIdHeader].ToString(),
            }
        );

    /// <summary><c>APIGW.0301</c>: who are you?</summary>
    public static Task UnauthenticatedAsync(this HttpContext context, string reason) =>
        context.GatewayErrorAsync(StatusCodes.Status401Unauthorized, "APIGW.0301", "Incorrect IAM authentication information: " + reason);

    /// <summary><c>APIGW.0101</c>: region, endpoint or path is wrong. Known before anybody asks who it is.</summary>
    public static Task NoSuchApiAsync(this HttpContext context) =>
        context.GatewayErrorAsync(
            StatusCodes.Status404NotFound,
            "APIGW.0101",
            "The API does not exist or has not been published in the environment"
        );

    /// <summary>CCE's own shape.</summary>
    public static Task CceErrorAsync(this HttpContext context, int status, string code, string message) =>
        context.JsonAsync(status, new JsonObject { ["errorCode"] = code, ["errorMessage"] = message });

    /// <summary>IAM's (Keystone's) shape.</summary>
    public static Task IamErrorAsync(this HttpContext context, int status, string title, string message) =>
        context.JsonAsync(
            status,
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["code"] = status,
                    ["message"] = message,
                    ["title"] = title,
                },
            }
        );
}
