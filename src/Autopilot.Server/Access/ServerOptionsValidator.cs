using Autopilot.Core.Settings;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Access;

/// <summary>Refuses keys that protect nothing and origins that no browser sends. Never repeats a key.</summary>
internal sealed class ServerOptionsValidator(IConfiguration configuration) : IValidateOptions<ServerOptions>
{
    private const int MinKeyLength = 16;
    private const int MaxKeyLength = 256;

    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        var failures = new List<string>();
        CheckKeys(nameof(ServerOptions.ApiKeys), options.ApiKeys, failures);
        CheckKeys(nameof(ServerOptions.ManageKeys), options.ManageKeys, failures);
        for (var i = 0; i < options.ApiKeys.Count; i++)
        {
            if (options.ManageKeys.IndexOf(options.ApiKeys[i]) is >= 0 and var other && options.ApiKeys[i] is { Length: > 0 })
                failures.Add($"Server:ApiKeys:{i}: is the same key as Server:ManageKeys:{other}; a key may either change what is tracked or not, so give it in one list");
        }
        CheckOrigins(options.CorsOrigins, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private void CheckKeys(string list, IList<string> keys, List<string> failures)
    {
        CheckIsList(list, failures);
        for (var i = 0; i < keys.Count; i++)
        {
            var setting = $"Server:{list}:{i}";
            var key = keys[i] ?? "";
            if (SettingsReader.IsUnresolvedReference(key))
                failures.Add($"{setting}: is a Key Vault reference that was not resolved; give the key itself");
            else if (key.Length is < MinKeyLength or > MaxKeyLength)
                failures.Add($"{setting}: has {key.Length} characters; allowed are {MinKeyLength} to {MaxKeyLength}");
            else if (key.AsSpan().ContainsAnyExceptInRange('!', '~'))
                failures.Add($"{setting}: has a blank or another character that a header cannot carry; allowed are printable ASCII characters");
            else if (keys.IndexOf(key) is var first && first < i)
                failures.Add($"{setting}: is the same key as Server:{list}:{first}; give it once");
        }
    }

    private void CheckOrigins(IList<string> origins, List<string> failures)
    {
        CheckIsList(nameof(ServerOptions.CorsOrigins), failures);
        for (var i = 0; i < origins.Count; i++)
        {
            var origin = origins[i] ?? "";
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0
                || !string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase) || origin.Contains('*', StringComparison.Ordinal))
            {
                failures.Add($"Server:CorsOrigins:{i}: is '{origin}'; allowed is an exact origin such as https://portal.example.com or http://localhost:3000: a scheme, a host and perhaps a port, no path, no final slash, no wildcard");
            }
        }
    }

    // A key given without its number would bind to an empty list, and the server would be open where its owner meant it to be closed.
    private void CheckIsList(string list, List<string> failures)
    {
        if (!string.IsNullOrEmpty(configuration[$"Server:{list}"]))
            failures.Add($"Server:{list}: is a single value; it is a list, so give Server:{list}:0 (Server__{list}__0 in the environment), Server:{list}:1, …");
    }
}
