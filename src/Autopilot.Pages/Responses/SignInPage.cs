using Autopilot.Pages.Html;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Pages.Responses;

/// <summary>What a caller sees who has not shown a key: how to continue, and no data.</summary>
internal static class SignInPage
{
    public static PageContent Make() =>
        new(
            "A key is needed",
            new HtmlWriter()
                .Start("section", ("class", "problem"), ("data-problem", "Unauthorized"))
                .Element("h1", "A key is needed")
                .Element(
                    "p",
                    "This server answers only those who show one of its keys, and pages cannot take one yet. The API takes it in the "
                        + "header x-functions-key; never put a key into an address."
                )
                .Start("pre")
                .Lines("curl -H \"x-functions-key: $AUTOPILOT_KEY\" 'http://<this server>/api/workflows?format=text'")
                .End()
                .End()
        )
        {
            Status = StatusCodes.Status401Unauthorized,
        };
}
