using System.IO.MemoryMappedFiles;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>
/// The time of day of a process, as far off as a file says: as if the clock of a running machine were set. Timers and timestamps go on as
/// they do on a real one. Both sides open the same file, so that a jump is there at once.
/// </summary>
internal sealed class JumpingClock : TimeProvider, IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private JumpingClock(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, capacity: sizeof(long));
        _view = _file.CreateViewAccessor(0, sizeof(long));
    }

    /// <summary>How far it is off.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(_view.ReadInt64(0));
        set => _view.Write(0, value.Ticks);
    }

    public static JumpingClock Open(string path) => new(path);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
