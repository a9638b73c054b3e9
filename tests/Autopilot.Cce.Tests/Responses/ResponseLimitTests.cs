using System.IO.Compression;
using System.Text;
using Autopilot.Cce.Tests.Upstream;
using Autopilot.Core.Upstream;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Cce.Tests.Responses;

public sealed class ResponseLimitTests
{
    private const int Mebi = 1024 * 1024;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_of_5_MB_is_rejected_with_and_without_Content_Length(bool tellsLength)
    {
        await using var client = await ClientUnderTest.StartAsync();
        long sent = 0;
        client.Stub.Answer = async (context, _) =>
        {
            if (tellsLength)
            {
                context.Response.ContentLength = 5 * Mebi;
            }

            var piece = new byte[64 * 1024];
            Array.Fill(piece, (byte)' ');
            for (var i = 0; i < 5 * Mebi / piece.Length; i++)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
                Interlocked.Add(ref sent, piece.Length);
            }
        };

        var failure = await client.FailAsync();

        Assert.Equal(UpstreamFailure.Invalid, failure.Failure);
        Assert.Contains("larger than 1048576 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Single(client.Stub.Requests);
    }

    [Fact]
    public async Task A_small_packet_that_unpacks_to_much_is_refused_by_what_it_unpacks_to()
    {
        await using var client = await ClientUnderTest.StartAsync();
        var packed = Pack(new byte[64 * Mebi]);
        Assert.True(packed.Length < Mebi);
        client.Stub.Answer = (context, _) => Send(context, packed);

        var failure = await client.FailAsync();

        Assert.Equal(UpstreamFailure.Invalid, failure.Failure);
        Assert.Contains("larger than 1048576 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_answer_is_unpacked_and_kept_as_it_came()
    {
        await using var client = await ClientUnderTest.StartAsync();
        client.Stub.Answer = (context, _) => Send(context, Pack(Encoding.UTF8.GetBytes(UpstreamStub.WorkflowJson)));

        var observation = await client.ReadAsync();

        Assert.Equal(UpstreamStub.WorkflowJson, Encoding.UTF8.GetString(observation.Document.Span));
    }

    [Fact]
    public async Task A_list_may_be_larger_than_one_workflow()
    {
        await using var client = await ClientUnderTest.StartAsync();
        var padded = UpstreamStub.WorkflowJson + new string(' ', 2 * Mebi);
        client.Stub.Answer = (context, _) =>
            UpstreamStub.Json(context, 200, $$"""{"kind":"List","apiVersion":"v3","items":[{{padded}}]}""");

        var list = await client.Source.ListAsync(ClientUnderTest.Project, ClientUnderTest.Cluster, CancellationToken.None);

        Assert.Equal(ClientUnderTest.Workflow, Assert.Single(list).State.Id);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task The_limit_is_the_largest_accepted_response(int length, bool passes)
    {
        await using var client = await ClientUnderTest.StartAsync(("Cce:MaxAnswerBytes", "1024"));
        client.Stub.Answer = (context, _) => UpstreamStub.Json(context, 200, UpstreamStub.WorkflowJson.PadRight(length));

        var failure = await Record.ExceptionAsync(() => client.ReadAsync());

        Assert.Equal(passes ? null : UpstreamFailure.Invalid, (failure as UpstreamException)?.Failure);
        Assert.Equal(passes, failure is null);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            zip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static async Task Send(HttpContext context, byte[] packed)
    {
        context.Response.Headers.ContentEncoding = "gzip";
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(packed);
    }
}
