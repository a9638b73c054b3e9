using Autopilot.Api.Parameters;
using Autopilot.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Autopilot.Api.Representations;

/// <summary>
/// Chooses an answer's format by <c>?format=</c>, then by <c>Accept</c>, before the handler runs: nothing is changed for a caller who
/// cannot read the answer.
/// </summary>
internal static class Negotiation
{
    /// <summary>Answers 400 or 406 where none of the formats fits. The first one offered is the default.</summary>
    public static TBuilder Offers<TBuilder>(this TBuilder builder, params IReadOnlyList<Format> offered)
        where TBuilder : IEndpointConventionBuilder =>
        builder
            .WithMetadata(new OfferedFormats(offered))
            .AddEndpointFilter(
                async (invocation, next) =>
                {
                    var request = invocation.HttpContext.Request;
                    var problem = Choose(request.Query[ParameterCatalog.Format.Name], request.Headers.Accept, offered, out var chosen);
                    if (problem is not null)
                    {
                        invocation.HttpContext.Response.Headers.Vary = HeaderNames.Accept;
                        return new ProblemResult(problem);
                    }

                    invocation.HttpContext.Features.Set(chosen);
                    return await next(invocation);
                }
            );

    /// <summary>What was chosen for this request, by <see cref="Offers"/>.</summary>
    public static Format ChosenFormat(this HttpContext context) => context.Features.GetRequiredFeature<Format>();

    /// <summary>The decision: null and the chosen format, or what is wrong.</summary>
    internal static Problem? Choose(StringValues format, StringValues accept, IReadOnlyList<Format> offered, out Format? chosen)
    {
        chosen = null;
        if (format.Count > 0)
        {
            var name = format.ToString();
            chosen = offered.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
            if (chosen is not null)
            {
                return null;
            }

            return Format.All.Any(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase))
                ? ProblemFactory.NotAcceptable(Describe(offered))
                : ProblemFactory.InvalidParameter(
                    ParameterCatalog.Format.Name,
                    $"one of {string.Join(", ", offered.Select(candidate => candidate.Name))}"
                );
        }

        // As a rule a program names the one form that it reads, or none.
        if (
            accept is [{ } only]
            && (only == "*/*" ? offered[0] : offered.FirstOrDefault(candidate => candidate.MediaType == only)) is { } named
        )
        {
            chosen = named;
            return null;
        }

        // A header that cannot be read says nothing: the default is kinder than an error.
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges) || ranges.Count == 0)
        {
            chosen = offered[0];
            return null;
        }

        var best = 0d;
        foreach (var candidate in offered)
        {
            var quality = QualityOf(candidate, ranges);
            if (quality > best)
            {
                (best, chosen) = (quality, candidate);
            }
        }

        return chosen is null ? ProblemFactory.NotAcceptable(Describe(offered)) : null;
    }

    // The most specific range that covers the format decides, as in RFC 9110 §12.5.1; parameters other than q are ignored.
    private static double QualityOf(Format format, IList<MediaTypeHeaderValue> ranges)
    {
        var slash = format.MediaType.IndexOf('/', StringComparison.Ordinal);
        var (specificity, quality) = (-1, 0d);
        foreach (var range in ranges)
        {
            var rank =
                range.MatchesAllTypes ? 0
                : range.MatchesAllSubTypes && range.Type.Equals(format.MediaType[..slash], StringComparison.OrdinalIgnoreCase) ? 1
                : range.MediaType.Equals(format.MediaType, StringComparison.OrdinalIgnoreCase) ? 2
                : -1;
            if (rank > specificity)
            {
                (specificity, quality) = (rank, range.Quality ?? 1);
            }
        }

        return quality;
    }

    private static string Describe(IReadOnlyList<Format> offered) =>
        string.Join(", ", offered.Select(format => $"{format.Name} ({format.MediaType})"));
}
