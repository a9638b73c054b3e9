using System.Globalization;
using System.Net.Http.Headers;
using Autopilot.Cce.Settings;

namespace Autopilot.Cce.Signing;

/// <summary>
/// Signs each attempt. It is inside the retry: an attempt with yesterday's date would be refused, and refusals lock the key.
/// </summary>
internal sealed class SigningHandler(KeyCredential credential, TimeProvider clock) : DelegatingHandler
{
    private const string DateHeader = "X-Sdk-Date";
    private const string SecurityTokenHeader = "X-Security-Token";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var date = clock.GetUtcNow().UtcDateTime.ToString(RequestSigner.DateFormat, CultureInfo.InvariantCulture);
        // Authority leaves out a default port and keeps any other, and is set, so that what is signed is what is sent.
        request.Headers.Host = uri.Authority;
        Set(request.Headers, DateHeader, date);
        List<(string, string)> signed = [("host", uri.Authority), ("x-sdk-date", date)];
        if (request.Headers.TryGetValues(CceRequest.ProjectHeader, out var project))
        {
            signed.Add(("x-project-id", project.Single()));
        }

        if (credential.SecurityToken is { } token)
        {
            Set(request.Headers, SecurityTokenHeader, token);
            signed.Add(("x-security-token", token));
        }

        // Only GETs are ever sent to CCE, so the body is empty. Content-Type is sent but not signed, as in most of the official SDKs.
        var parameter = RequestSigner.Authorize(
            credential.AccessKey,
            credential.SecretKey,
            request.Method.Method,
            uri.AbsolutePath,
            uri.Query.TrimStart('?'),
            signed,
            date,
            []
        );
        request.Headers.Authorization = new AuthenticationHeaderValue(RequestSigner.Scheme, parameter);
        return base.SendAsync(request, cancellationToken);
    }

    private static void Set(HttpRequestHeaders headers, string name, string value)
    {
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    }
}
