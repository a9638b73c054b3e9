using System.Globalization;
using System.Text;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Core.Rows;
using Autopilot.Pages.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Autopilot.Pages.Responses;

/// <summary>
/// Answers with a page, or with the part of it that changes. Whatever fails is a page as well: it says what is wrong and what to do, and
/// its script tries again.
/// </summary>
internal sealed partial class PageRenderer(TimeProvider clock, ILogger<PageRenderer> logger)
{
    /// <summary>The header with the server's time in milliseconds since 1970, by which pages count.</summary>
    public const string Time = "Autopilot-Time";

    private const string ContentType = "text/html; charset=utf-8";

    /// <summary>
    /// A browser loads style, script and answers from here alone, runs nothing that stands in a page, and shows a page in no frame. A
    /// picture is also shown from what the script has fetched.
    /// </summary>
    public const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>How long the storage may take; in real time, whatever clock the app has.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>The page: never kept by a browser, since its script is what asks whether something changed.</summary>
    public async Task RespondAsync(HttpContext context, string fragment, Func<HttpContext, CancellationToken, Task<PageContent>> make)
    {
        var content = await MakeAsync(context, make);
        var source = fragment;
        foreach (var (name, value) in context.Request.RouteValues)
        {
            source = source.Replace($"{{{name}}}", Uri.EscapeDataString(value?.ToString() ?? ""), StringComparison.Ordinal);
        }

        // What is no choice of a page is no part of the fragment's address either: a key least of all.
        var page = PageShell.Write(
            content.Title,
            content.Html,
            context.Features.Get<PageVisitor>() is null
                ? null
                : new PageSource(
                    $"{source}{PageQuery.Of(context.Request)}",
                    TaggedBody.Of(Encoding.UTF8.GetBytes(content.Html.ToString())).Tag,
                    clock.GetUtcNow().ToUnixTimeMilliseconds()
                )
        );
        SetHeaders(context, content);
        context.Response.StatusCode = content.Status;
        context.Response.Headers.CacheControl = "no-store";
        await JsonBody.WriteAsync(context, ContentType, Encoding.UTF8.GetBytes(page));
    }

    /// <summary>The part that changes: 304 where the page shows it already.</summary>
    public async Task RespondWithFragmentAsync(HttpContext context, Func<HttpContext, CancellationToken, Task<PageContent>> make)
    {
        var content = await MakeAsync(context, make);
        var body = Encoding.UTF8.GetBytes(content.Html.ToString());
        SetHeaders(context, content);
        if (content.Status == StatusCodes.Status200OK)
        {
            await new Representation(body) { ContentType = ContentType }.ExecuteAsync(context);
            return;
        }

        context.Response.StatusCode = content.Status;
        context.Response.Headers.CacheControl = "no-store";
        await JsonBody.WriteAsync(context, ContentType, body);
    }

    private async Task<PageContent> MakeAsync(HttpContext context, Func<HttpContext, CancellationToken, Task<PageContent>> make)
    {
        if (context.Features.Get<PageVisitor>() is null)
        {
            return SignInPage.Make();
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        ending.CancelAfter(Patience);
        try
        {
            return await make(context, ending.Token);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            var problem = ExceptionProblems.Of(
                exception is OperationCanceledException
                    ? new StorageUnavailableException($"The storage did not answer within {Patience.TotalSeconds:0} s.", exception)
                    : exception
            );
            var (route, trace) = ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, ProblemResult.TraceIdOf(context));
            if (problem.Code == ProblemCode.InternalError)
            {
                LogDefect(logger, route, trace, exception);
            }
            else
            {
                LogFailed(logger, route, problem.Code, trace);
            }

            return ProblemPage.Make(problem, trace);
        }
    }

    private void SetHeaders(HttpContext context, PageContent content)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers[Time] = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        if (content.RetryAfter is { } wait)
        {
            headers[HeaderNames.RetryAfter] = Seconds.WholeAtLeastOne(wait).ToString(CultureInfo.InvariantCulture);
        }
    }

    [LoggerMessage(
        EventId = 8001,
        EventName = "PageFailed",
        Level = LogLevel.Error,
        Message = "Page {Route} failed by a defect, trace {TraceId}"
    )]
    private static partial void LogDefect(ILogger logger, string? route, string traceId, Exception exception);

    [LoggerMessage(
        EventId = 8002,
        EventName = "PageUnavailable",
        Level = LogLevel.Warning,
        Message = "Page {Route} could not be shown: {Code}, trace {TraceId}"
    )]
    private static partial void LogFailed(ILogger logger, string? route, string code, string traceId);
}
