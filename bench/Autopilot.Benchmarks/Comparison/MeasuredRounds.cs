namespace Autopilot.Benchmarks.Comparison;

/// <summary>All rounds of one build at one kind of work.</summary>
internal sealed class MeasuredRounds
{
    /// <summary>Milliseconds of each answer.</summary>
    public List<double> Times { get; } = [];

    /// <summary>Processor seconds of the server.</summary>
    public double Processor { get; private set; }

    /// <summary>The most that the server held in RAM, in MiB.</summary>
    public double PeakMiB { get; private set; }

    /// <summary>Requests to the table service.</summary>
    public long Operations { get; private set; }

    public double ProcessorOf(int answers) => Processor / Times.Count * answers;

    public double OperationsEach => (double)Operations / Times.Count;

    /// <param name="share">0.5 for the median.</param>
    public double Percentile(double share)
    {
        var sorted = Times.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }

    public void Add(IEnumerable<double> times, double processor, double peakMiB, long operations)
    {
        Times.AddRange(times);
        Processor += processor;
        PeakMiB = Math.Max(PeakMiB, peakMiB);
        Operations += operations;
    }
}
