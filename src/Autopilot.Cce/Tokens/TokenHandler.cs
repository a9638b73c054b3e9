using System.Net;

namespace Autopilot.Cce.Tokens;

/// <summary>
/// Sends the token along. A token of IAM that CCE refuses is renewed once, and the request repeated once; one given by hand is not ours to
/// renew.
/// </summary>
internal sealed class TokenHandler(Func<string?, CancellationToken, Task<string>> tokens, bool renewable) : DelegatingHandler
{
    private const string Header = "X-Auth-Token";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens(null, cancellationToken);
        Set(request, token);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || !renewable)
        {
            return response;
        }

        response.Dispose();
        Set(request, await tokens(token, cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }

    private static void Set(HttpRequestMessage request, string token)
    {
        request.Headers.Remove(Header);
        request.Headers.TryAddWithoutValidation(Header, token);
    }
}
