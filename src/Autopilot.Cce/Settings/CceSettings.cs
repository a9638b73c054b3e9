using System.Globalization;
using System.Text.RegularExpressions;
using Autopilot.Core.Settings;
using Autopilot.Core.Workflows;

namespace Autopilot.Cce.Settings;

/// <summary>
/// Reads section <c>Cce</c> and finds everything that is wrong with it at once. A secret's value is never part of a message.
/// </summary>
internal static partial class CceSettings
{
    private const string Ways =
        "give exactly one of: Cce:AccessKey with Cce:SecretKey (signed requests); Cce:Iam:Username, Cce:Iam:Password and Cce:Iam:DomainName"
        + " (a token from IAM); Cce:Token (a token given by hand)";

    private static readonly string[] KeyNames = ["Cce:AccessKey", "Cce:SecretKey", "Cce:SecurityToken"];
    private static readonly string[] IamNames = ["Cce:Iam:Username", "Cce:Iam:Password", "Cce:Iam:DomainName"];

    public static void Read(CceOptions options, SettingsReader settings)
    {
        options.Region = settings.Text("Cce:Region");
        options.Endpoint = settings.Text("Cce:Endpoint");
        options.PathPrefix = settings.Text("Cce:PathPrefix") ?? options.PathPrefix;
        options.ProjectId = settings.Text("Cce:ProjectId");
        options.AccessKey = settings.Text("Cce:AccessKey");
        options.SecretKey = settings.Text("Cce:SecretKey");
        options.SecurityToken = settings.Text("Cce:SecurityToken");
        options.Token = settings.Text("Cce:Token");
        options.Iam.Username = settings.Text("Cce:Iam:Username");
        options.Iam.Password = settings.Text("Cce:Iam:Password");
        options.Iam.DomainName = settings.Text("Cce:Iam:DomainName");
        options.Iam.ProjectName = settings.Text("Cce:Iam:ProjectName");
        options.Iam.Endpoint = settings.Text("Cce:Iam:Endpoint");
        options.AttemptTimeout = settings.Duration(
            "Cce:AttemptTimeout",
            options.AttemptTimeout,
            TimeSpan.FromMilliseconds(100),
            TimeSpan.FromMinutes(5)
        );
        options.MaxAttempts = settings.Integer("Cce:MaxAttempts", options.MaxAttempts, 1, 10);
        options.RetryDelay = settings.Duration("Cce:RetryDelay", options.RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        options.MaxThrottleWait = settings.Duration("Cce:MaxThrottleWait", options.MaxThrottleWait, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        options.RequestsPerMinute = settings.Integer("Cce:RequestsPerMinute", 1, 60_000);
        options.MaxAnswerBytes = settings.Integer("Cce:MaxAnswerBytes", options.MaxAnswerBytes, 1024, 64 * 1024 * 1024);
        options.MaxListBytes = settings.Integer("Cce:MaxListBytes", options.MaxListBytes, 1024, 256 * 1024 * 1024);

        CheckPlace(options, settings);
        CheckCredentials(options, settings);
    }

    private static void CheckPlace(CceOptions o, SettingsReader settings)
    {
        if (!settings.IsGiven("Cce:Region") && !settings.IsGiven("Cce:Endpoint"))
        {
            settings.Fail("Cce:Region is missing: give the region of the clusters, such as ap-southeast-3 (or Cce:Endpoint).");
        }

        if (o.Region is { } region && !RegionForm().IsMatch(region))
        {
            settings.Fail(
                $"Cce:Region is '{SettingsReader.Shown(region)}': give a region id in lower case, such as ap-southeast-3 or cn-north-4"
                    + (region.Contains("://", StringComparison.Ordinal) ? "; an address belongs into Cce:Endpoint." : ".")
            );
        }

        CheckEndpoint("Cce:Endpoint", o.Endpoint, settings);
        CheckEndpoint("Cce:Iam:Endpoint", o.Iam.Endpoint, settings);
        if (!PrefixForm().IsMatch(o.PathPrefix))
        {
            settings.Fail(
                $"Cce:PathPrefix is '{SettingsReader.Shown(o.PathPrefix)}': give a path that starts with '/', such as /autopilot/v3 "
                    + "or /api/v3."
            );
        }

        if (o.ProjectId is { } project && !ResourceId.TryNormalize(project, out _))
        {
            settings.Fail($"Cce:ProjectId is '{SettingsReader.Shown(project)}': give {ResourceId.Rule}.");
        }
    }

    private static void CheckEndpoint(string setting, string? value, SettingsReader settings)
    {
        if (value is null)
        {
            return;
        }

        const string Allowed = "give https://host[:port], or http://127.0.0.1:port on loopback";
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Scheme is not ("https" or "http"))
        {
            // What cannot be read cannot be searched for a password either, so it is shown only where it has no place for one.
            settings.Fail(
                value.Contains('@', StringComparison.Ordinal)
                    ? $"{setting} is no address: {Allowed}."
                    : $"{setting} is '{SettingsReader.Shown(value)}': {Allowed}."
            );
            return;
        }

        if (uri.UserInfo.Length > 0)
        {
            settings.Fail($"{setting} holds user info: {Allowed}; credentials have settings of their own.");
        }
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            settings.Fail($"{setting} for {uri.Authority} has a query or a fragment: {Allowed}.");
        }
        else if (uri.AbsolutePath != "/")
        {
            settings.Fail($"{setting} is '{SettingsReader.Shown(value)}', with a path: {Allowed}; a path belongs into Cce:PathPrefix.");
        }
        else if (uri.Scheme == "http" && !uri.IsLoopback)
        {
            settings.Fail($"{setting} is '{SettingsReader.Shown(value)}', which would send credentials in the clear: {Allowed}.");
        }
    }

    private static void CheckCredentials(CceOptions o, SettingsReader settings)
    {
        List<string> given =
        [
            .. new[] { KeyNames, IamNames, ["Cce:Token"] }
                .Select(way => string.Join(", ", way.Where(settings.IsGiven)))
                .Where(names => names.Length > 0),
        ];
        if (given.Count == 0)
        {
            settings.Fail($"No credentials are set: {Ways}.");
        }

        if (given.Count > 1)
        {
            settings.Fail($"Credentials are given in more than one way, by {string.Join(" and by ", given)}: {Ways}.");
        }

        if (KeyNames.Any(settings.IsGiven))
        {
            Required("Cce:AccessKey", "the access key id that belongs to Cce:SecretKey", settings);
            Required("Cce:SecretKey", "the secret key that belongs to Cce:AccessKey", settings);
        }

        if (IamNames.Any(settings.IsGiven))
        {
            Required("Cce:Iam:Username", "the name of the IAM user", settings);
            Required("Cce:Iam:Password", "the password of the IAM user", settings);
            Required("Cce:Iam:DomainName", "the account that the IAM user belongs to", settings);
            if (!settings.IsGiven("Cce:Region") && !settings.IsGiven("Cce:Iam:Endpoint"))
            {
                settings.Fail("Cce:Iam:Endpoint is missing: without Cce:Region there is no other way to know where tokens come from.");
            }

            if (!settings.IsGiven("Cce:Region") && !settings.IsGiven("Cce:Iam:ProjectName") && !settings.IsGiven("Cce:ProjectId"))
            {
                settings.Fail(
                    "Cce:Iam:ProjectName is missing: without Cce:Region there is no other way to know which project the token is for."
                );
            }
        }

        const string NoHeader = "which no header can carry";
        VisibleAscii("Cce:AccessKey", o.AccessKey, NoHeader, settings);
        VisibleAscii("Cce:SecurityToken", o.SecurityToken, NoHeader, settings);
        VisibleAscii("Cce:Token", o.Token, NoHeader, settings);
        VisibleAscii("Cce:SecretKey", o.SecretKey, "which no secret key has", settings);
        OneLine("Cce:Iam:Password", o.Iam.Password, settings);
    }

    private static void Required(string setting, string what, SettingsReader settings)
    {
        if (!settings.IsGiven(setting))
        {
            settings.Fail($"{setting} is missing: give {what}.");
        }
    }

    private static void VisibleAscii(string setting, string? value, string why, SettingsReader settings)
    {
        if (value is not null && value.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            settings.Fail($"{setting} holds a blank, a line break or a character outside of ASCII, {why}: copy it again.");
        }
    }

    /// <summary>
    /// A password that was pasted with a line break, or with a character that cannot be seen, is a wrong one. Five wrong ones lock the
    /// user.
    /// </summary>
    private static void OneLine(string setting, string? value, SettingsReader settings)
    {
        if (
            value is not null
            && value.Any(sign =>
                char.IsControl(sign)
                || char.GetUnicodeCategory(sign)
                    is UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
            )
        )
        {
            settings.Fail($"{setting} holds a line break or another character that cannot be seen: copy it again.");
        }
    }

    [GeneratedRegex("^[a-z]{2,16}(-[a-z0-9]{1,20}){1,4}$")]
    private static partial Regex RegionForm();

    // No segment may be '.' or '..': a URL would swallow it, and the signature would be over another path than the one sent.
    [GeneratedRegex("^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+/?$")]
    private static partial Regex PrefixForm();
}
