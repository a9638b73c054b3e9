using System.Text.RegularExpressions;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Cce.Settings;

/// <summary>Finds everything that is wrong with the settings at once. A secret's value is never part of a message.</summary>
internal sealed partial class CceOptionsValidator : IValidateOptions<CceOptions>
{
    private const string KeyVault = "@Microsoft.KeyVault(";
    private const string Ways = "give exactly one of: Cce:AccessKey with Cce:SecretKey (signed requests); Cce:Iam:Username, Cce:Iam:Password and Cce:Iam:DomainName"
        + " (a token from IAM); Cce:Token (a token given by hand)";

    public ValidateOptionsResult Validate(string? name, CceOptions options)
    {
        List<string> failures = [.. options.Unreadable];
        var unresolved = Unresolved(options, failures);
        CheckPlace(options, failures, unresolved);
        CheckCredentials(options, failures);
        CheckLimits(options, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>A value that is not secret, short enough for a message.</summary>
    internal static string Shown(string value) => value.Length <= 80 ? value : $"{value[..80]}…";

    private static HashSet<string> Unresolved(CceOptions o, List<string> failures)
    {
        HashSet<string> names = [];
        foreach (var (setting, value) in Texts(o))
        {
            if (value?.StartsWith(KeyVault, StringComparison.OrdinalIgnoreCase) != true)
                continue;
            names.Add(setting);
            failures.Add($"{setting} is a Key Vault reference that was not resolved: see that the secret exists and that the app's identity may read it"
                + " (role Key Vault Secrets User); outside of Azure App Service and Functions, set the value itself.");
        }

        return names;
    }

    private static IEnumerable<(string Setting, string? Value)> Texts(CceOptions o) =>
    [
        ("Cce:Region", o.Region), ("Cce:Endpoint", o.Endpoint), ("Cce:PathPrefix", o.PathPrefix), ("Cce:ProjectId", o.ProjectId),
        ("Cce:AccessKey", o.AccessKey), ("Cce:SecretKey", o.SecretKey), ("Cce:SecurityToken", o.SecurityToken), ("Cce:Token", o.Token),
        ("Cce:Iam:Username", o.Iam.Username), ("Cce:Iam:Password", o.Iam.Password), ("Cce:Iam:DomainName", o.Iam.DomainName),
        ("Cce:Iam:ProjectName", o.Iam.ProjectName), ("Cce:Iam:Endpoint", o.Iam.Endpoint),
    ];

    private static void CheckPlace(CceOptions o, List<string> failures, HashSet<string> unresolved)
    {
        if (o.Region is null && o.Endpoint is null)
            failures.Add("Cce:Region is missing: give the region of the clusters, such as ap-southeast-3 (or Cce:Endpoint).");
        if (o.Region is { } region && !unresolved.Contains("Cce:Region") && !RegionForm().IsMatch(region))
        {
            failures.Add($"Cce:Region is '{Shown(region)}': give a region id in lower case, such as ap-southeast-3 or cn-north-4"
                + (region.Contains("://", StringComparison.Ordinal) ? "; an address belongs into Cce:Endpoint." : "."));
        }

        CheckEndpoint("Cce:Endpoint", o.Endpoint, failures, unresolved);
        CheckEndpoint("Cce:Iam:Endpoint", o.Iam.Endpoint, failures, unresolved);
        if (!unresolved.Contains("Cce:PathPrefix") && !PrefixForm().IsMatch(o.PathPrefix))
            failures.Add($"Cce:PathPrefix is '{Shown(o.PathPrefix)}': give a path that starts with '/', such as /autopilot/v3 or /api/v3.");
        if (o.ProjectId is { } project && !unresolved.Contains("Cce:ProjectId") && !ResourceId.TryNormalize(project, out _))
            failures.Add($"Cce:ProjectId is '{Shown(project)}': give {ResourceId.Rule}.");
    }

    private static void CheckEndpoint(string setting, string? value, List<string> failures, HashSet<string> unresolved)
    {
        if (value is null || unresolved.Contains(setting))
            return;
        const string Allowed = "give https://host[:port], or http://127.0.0.1:port on loopback";
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Scheme is not ("https" or "http"))
        {
            // What cannot be read cannot be searched for a password either, so it is shown only where it has no place for one.
            failures.Add(value.Contains('@', StringComparison.Ordinal) ? $"{setting} is no address: {Allowed}." : $"{setting} is '{Shown(value)}': {Allowed}.");
            return;
        }

        if (uri.UserInfo.Length > 0)
            failures.Add($"{setting} holds user info: {Allowed}; credentials have settings of their own.");
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            failures.Add($"{setting} for {uri.Authority} has a query or a fragment: {Allowed}.");
        else if (uri.AbsolutePath != "/")
            failures.Add($"{setting} is '{Shown(value)}', with a path: {Allowed}; a path belongs into Cce:PathPrefix.");
        else if (uri.Scheme == "http" && !uri.IsLoopback)
            failures.Add($"{setting} is '{Shown(value)}', which would send credentials in the clear: {Allowed}.");
    }

    private static void CheckCredentials(CceOptions o, List<string> failures)
    {
        var keys = o.AccessKey ?? o.SecretKey ?? o.SecurityToken;
        var iam = o.Iam.Username ?? o.Iam.Password ?? o.Iam.DomainName;
        List<string> given = [];
        if (keys is not null)
            given.Add(Names([("Cce:AccessKey", o.AccessKey), ("Cce:SecretKey", o.SecretKey), ("Cce:SecurityToken", o.SecurityToken)]));
        if (iam is not null)
            given.Add(Names([("Cce:Iam:Username", o.Iam.Username), ("Cce:Iam:Password", o.Iam.Password), ("Cce:Iam:DomainName", o.Iam.DomainName)]));
        if (o.Token is not null)
            given.Add("Cce:Token");
        if (given.Count == 0)
            failures.Add($"No credentials are set: {Ways}.");
        if (given.Count > 1)
            failures.Add($"Credentials are given in more than one way, by {string.Join(" and by ", given)}: {Ways}.");

        if (keys is not null)
        {
            Required("Cce:AccessKey", o.AccessKey, "the access key id that belongs to Cce:SecretKey", failures);
            Required("Cce:SecretKey", o.SecretKey, "the secret key that belongs to Cce:AccessKey", failures);
        }

        if (iam is not null)
        {
            Required("Cce:Iam:Username", o.Iam.Username, "the name of the IAM user", failures);
            Required("Cce:Iam:Password", o.Iam.Password, "the password of the IAM user", failures);
            Required("Cce:Iam:DomainName", o.Iam.DomainName, "the account that the IAM user belongs to", failures);
            if (o.Region is null && o.Iam.Endpoint is null)
                failures.Add("Cce:Iam:Endpoint is missing: without Cce:Region there is no other way to know where tokens come from.");
            if (o.Region is null && o.Iam.ProjectName is null && o.ProjectId is null)
                failures.Add("Cce:Iam:ProjectName is missing: without Cce:Region there is no other way to know which project the token is for.");
        }

        HeaderSafe("Cce:AccessKey", o.AccessKey, failures);
        HeaderSafe("Cce:SecurityToken", o.SecurityToken, failures);
        HeaderSafe("Cce:Token", o.Token, failures);
    }

    private static string Names((string Setting, string? Value)[] settings) =>
        string.Join(", ", settings.Where(s => s.Value is not null).Select(s => s.Setting));

    private static void Required(string setting, string? value, string what, List<string> failures)
    {
        if (value is null)
            failures.Add($"{setting} is missing: give {what}.");
    }

    private static void HeaderSafe(string setting, string? value, List<string> failures)
    {
        if (value is not null && !value.StartsWith(KeyVault, StringComparison.OrdinalIgnoreCase) && value.AsSpan().ContainsAnyExceptInRange('!', '~'))
            failures.Add($"{setting} holds a blank, a line break or a character outside of ASCII, which no header can carry: copy it again.");
    }

    private static void CheckLimits(CceOptions o, List<string> failures)
    {
        Between("Cce:AttemptTimeout", o.AttemptTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), failures);
        Between("Cce:MaxAttempts", o.MaxAttempts, 1, 10, failures);
        Between("Cce:RetryDelay", o.RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1), failures);
        Between("Cce:MaxThrottleWait", o.MaxThrottleWait, TimeSpan.Zero, TimeSpan.FromMinutes(5), failures);
        Between("Cce:MaxAnswerBytes", o.MaxAnswerBytes, 1024, 64 * 1024 * 1024, failures);
        Between("Cce:MaxListBytes", o.MaxListBytes, 1024, 256 * 1024 * 1024, failures);
        if (o.RequestsPerMinute is { } rate)
            Between("Cce:RequestsPerMinute", rate, 1, 60_000, failures);
    }

    private static void Between<T>(string setting, T value, T lowest, T highest, List<string> failures)
        where T : IComparable<T>
    {
        if (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0)
            failures.Add($"{setting} is {value}: give a value from {lowest} to {highest}.");
    }

    [GeneratedRegex("^[a-z]{2,16}(-[a-z0-9]{1,20}){1,4}$")]
    private static partial Regex RegionForm();

    // No segment may be '.' or '..': a URL would swallow it, and the signature would be over another path than the one sent.
    [GeneratedRegex("^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+/?$")]
    private static partial Regex PrefixForm();
}
