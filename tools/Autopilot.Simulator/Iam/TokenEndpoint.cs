using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Autopilot.Simulator.Gateway;

namespace Autopilot.Simulator.Iam;

/// <summary>IAM as far as a project-scoped token needs it: <c>POST /v3/auth/tokens</c>.</summary>
public sealed class TokenEndpoint
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private readonly SimulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);

    internal TokenEndpoint(SimulatorOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        foreach (var token in options.Tokens)
        {
            _tokens[token] = DateTimeOffset.MaxValue;
        }
    }

    /// <summary>Tokens that were handed out so far.</summary>
    public int Issued { get; private set; }

    /// <summary>Makes every token worthless from now on, as a changed password does; new ones can be had.</summary>
    public void RevokeAll() => _tokens.Clear();

    internal bool Knows(string token, out DateTimeOffset expiresAt) => _tokens.TryGetValue(token, out expiresAt);

    internal async Task IssueAsync(HttpContext context)
    {
        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (System.Text.Json.JsonException)
        {
            await context.IamErrorAsync(StatusCodes.Status400BadRequest, "Bad Request", "Malformed request body.");
            return;
        }

        var identity = Member(Member(body, "auth"), "identity");
        var user = Member(Member(identity, "password"), "user");
        var project = Member(Member(Member(body, "auth"), "scope"), "project");
        if (
            user is null
            || project is null
            || Member(identity, "methods") is not JsonArray methods
            || !methods.Any(method => Text(method) == "password")
        )
        {
            await context.IamErrorAsync(
                StatusCodes.Status400BadRequest,
                "Bad Request",
                "Expecting to find auth.identity.password.user and auth.scope.project in request body."
            );
            return;
        }

        if (
            Text(Member(user, "name")) != _options.Username
            || Text(Member(user, "password")) != _options.Password
            || Text(Member(Member(user, "domain"), "name")) != _options.DomainName
        )
        {
            await context.IamErrorAsync(StatusCodes.Status401Unauthorized, "Unauthorized", "The username or password is wrong.");
            return;
        }

        if (Text(Member(project, "name")) is { } name && name != _options.ProjectName)
        {
            await context.IamErrorAsync(
                StatusCodes.Status401Unauthorized,
                "Unauthorized",
                "The project does not exist or the user has no role in it."
            );
            return;
        }

        // Real tokens are several thousand characters long: so a client that cuts or logs them is noticed.
        var token = "MIISIMULATED" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(1800));
        var now = _time.GetUtcNow();
        var expiresAt = now + _options.TokenLifetime;
        _tokens[token] = expiresAt;
        lock (_tokens)
        {
            Issued++;
        }

        context.Response.Headers["X-Subject-Token"] = token;
        await context.JsonAsync(
            StatusCodes.Status201Created,
            new JsonObject
            {
                ["token"] = new JsonObject
                {
                    ["methods"] = new JsonArray("password"),
                    ["issued_at"] = now.UtcDateTime.ToString(TimeFormat, System.Globalization.CultureInfo.InvariantCulture),
                    ["expires_at"] = expiresAt.UtcDateTime.ToString(TimeFormat, System.Globalization.CultureInfo.InvariantCulture),
                    ["project"] = new JsonObject { ["name"] = _options.ProjectName },
                    ["user"] = new JsonObject
                    {
                        ["name"] = _options.Username,
                        ["domain"] = new JsonObject { ["name"] = _options.DomainName },
                    },
                },
            }
        );
    }

    private static JsonNode? Member(JsonNode? node, string name) =>
        node is JsonObject members && members.TryGetPropertyValue(name, out var value) ? value : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
