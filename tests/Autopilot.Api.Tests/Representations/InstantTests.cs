using System.Globalization;
using System.Text;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Api.Tests.Representations;

public sealed class InstantTests
{
    [Theory]
    [InlineData("2023-11-25T06:32:34.9232480+00:00", "2023-11-25T06:32:34.923248Z")]
    [InlineData("2023-11-25T06:32:34.0000001+00:00", "2023-11-25T06:32:34.0000001Z")]
    [InlineData("2023-11-25T06:32:34.0000000+00:00", "2023-11-25T06:32:34Z")]
    [InlineData("2023-11-25T06:32:34.5000000+08:00", "2023-11-24T22:32:34.5Z")]
    public void An_instant_is_RFC_3339_in_UTC_without_trailing_zeros(string instant, string written)
    {
        var value = DateTimeOffset.ParseExact(instant, "O", CultureInfo.InvariantCulture);
        Assert.Equal(written, InstantText.Of(value));
        var json = Encoding.UTF8.GetString(JsonBytes.Write(writer => new InstantConverter().Write(writer, value, new())).Span);
        Assert.Equal($"\"{written}\"", json);
    }
}
