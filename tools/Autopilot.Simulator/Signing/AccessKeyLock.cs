namespace Autopilot.Simulator.Signing;

/// <summary>Five bad signatures in a row lock the access key for five minutes, for everybody who uses it.</summary>
internal sealed class AccessKeyLock(TimeProvider time)
{
    private const int Limit = 5;
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset _lockedUntil = DateTimeOffset.MinValue;

    public bool IsLocked
    {
        get
        {
            lock (_gate)
            {
                return time.GetUtcNow() < _lockedUntil;
            }
        }
    }

    public void Record(bool good)
    {
        lock (_gate)
        {
            _failures = good ? 0 : _failures + 1;
            if (_failures < Limit)
            {
                return;
            }

            _lockedUntil = time.GetUtcNow() + Duration;
            _failures = 0;
        }
    }
}
