using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Autopilot.Testing;

/// <summary>
/// The messages between the Functions host and a worker, as JSON: <c>{"requestId":"…","invocationRequest":{…}}</c>. Their shape is the
/// descriptor that the worker's own package carries, in the JSON form of protobuf.
/// </summary>
internal static class WorkerProtocol
{
    /// <summary>The path of the one call, a stream in both directions.</summary>
    public const string EventStream = "/AzureFunctionsRpcMessages.FunctionRpc/EventStream";

    /// <summary>A gRPC frame begins with a flag (compressed or not) and the length.</summary>
    private const int Prefix = 5;

    private static readonly MessageDescriptor Message = (MessageDescriptor)
        Assembly
            .Load("Microsoft.Azure.Functions.Worker.Grpc")
            .GetType("Microsoft.Azure.Functions.Worker.Grpc.Messages.StreamingMessage", throwOnError: true)!
            .GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!
            .GetValue(null)!;

    /// <summary>Writes one message as a frame.</summary>
    public static async Task WriteAsync(PipeWriter writer, JsonObject message)
    {
        var body = JsonParser.Default.Parse(message.ToJsonString(), Message).ToByteArray();
        var frame = writer.GetMemory(Prefix + body.Length);
        frame.Span[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame.Span[1..], body.Length);
        body.CopyTo(frame[Prefix..]);
        writer.Advance(Prefix + body.Length);
        await writer.FlushAsync();
    }

    /// <summary>Reads messages until the stream ends.</summary>
    public static async IAsyncEnumerable<JsonObject> ReadAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            var rest = read.Buffer;
            while (TryFrame(ref rest, out var frame))
            {
                yield return JsonNode.Parse(JsonFormatter.Default.Format(Message.Parser.ParseFrom(frame)))!.AsObject();
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                yield break;
            }
        }
    }

    private static bool TryFrame(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (rest.Length < Prefix)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[Prefix];
        rest.Slice(0, Prefix).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix[1..]);
        if (rest.Length < Prefix + length)
        {
            return false;
        }

        frame = rest.Slice(Prefix, length);
        rest = rest.Slice(Prefix + length);
        return true;
    }
}
