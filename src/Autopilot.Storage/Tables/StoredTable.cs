using System.Text.Json;
using Autopilot.Core.Paging;
using Autopilot.Core.Rows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage.Tables;

/// <summary>One table. A table that is not there reads as empty and is created by the first write.</summary>
internal sealed class StoredTable(TableClient reading, TableClient writing, StorageTables tables)
{
    private const int MaxPutRounds = 5;

    private readonly Lock _creationLock = new();
    private Task _creation = Task.CompletedTask;
    private int _creations;

    /// <summary>One point read of a row of a kind.</summary>
    public async Task<RowRead<T>> ReadAsync<T>(RowFormat<T> format, string partitionKey, string rowKey, CancellationToken cancellationToken)
        where T : class => Read(format, await GetAsync(partitionKey, rowKey, cancellationToken));

    /// <summary>A row as its kind is read. One that cannot be read is reported, once in the life of the process.</summary>
    /// <param name="format">The row's kind.</param>
    /// <param name="row">As the table gave it; null where there is none.</param>
    public RowRead<T> Read<T>(RowFormat<T> format, TableEntity? row)
        where T : class
    {
        var read = format.Read(row, Name);
        if (read.Unreadable is { } unreadable)
        {
            tables.Unreadable.Report(unreadable);
        }
        return read;
    }

    /// <summary>One point read; null where there is no such row.</summary>
    public async Task<TableEntity?> GetAsync(string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        (await GetDatedAsync(partitionKey, rowKey, cancellationToken)).Row;

    /// <summary>The same, with the service's own time of the answer, to be compared with the row's timestamp.</summary>
    public async Task<(TableEntity? Row, DateTimeOffset? ServiceTime)> GetDatedAsync(
        string partitionKey,
        string rowKey,
        CancellationToken cancellationToken
    )
    {
        using var deadline = tables.Deadline(cancellationToken).Start();
        try
        {
            var found = await reading.GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, cancellationToken: deadline.Token);
            return found.HasValue ? (Checked(found.Value!), found.GetRawResponse().Headers.Date) : default;
        }
        catch (Exception e) when (StorageFailure.IsTableMissing(e) || StorageFailure.IsMissing(e))
        {
            return default;
        }
        catch (Exception e) when ((StorageFailure.Of(e, cancellationToken) ?? StorageFailure.OfNullBody(e)) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>The pages of a query, one by one; a page may be empty and still have one after it.</summary>
    /// <exception cref="InvalidContinuationTokenException">The service does not know the token.</exception>
    public async IAsyncEnumerable<Azure.Page<TableEntity>> QueryAsync(
        string filter,
        int? pageSize,
        IEnumerable<string>? columns,
        string? continuationToken,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var first = true;
        using var deadline = tables.Deadline(cancellationToken);
        var pages = reading
            .QueryAsync<TableEntity>(filter, pageSize, columns, deadline.Token)
            .AsPages(continuationToken, pageSize)
            .GetAsyncEnumerator(deadline.Token);
        await using (pages)
        {
            while (true)
            {
                deadline.Start();
                try
                {
                    if (!await pages.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (Exception e) when (StorageFailure.IsTableMissing(e))
                {
                    yield break;
                }
                catch (Exception e)
                    when (first
                        && continuationToken is not null
                        && (e is FormatException or ArgumentException or IndexOutOfRangeException || StorageFailure.IsRejectedContent(e))
                    )
                {
                    throw new InvalidContinuationTokenException("The continuation token is not one of ours.");
                }
                catch (Exception e) when ((StorageFailure.Of(e, cancellationToken) ?? StorageFailure.OfNullBody(e)) is { } failure)
                {
                    throw failure;
                }
                deadline.Stop();
                first = false;
                if (pages.Current.Values.Count == 0 && !IsPage(pages.Current.GetRawResponse()))
                {
                    throw NoTableResponse();
                }
                foreach (var row in pages.Current.Values)
                {
                    _ = Checked(row);
                }
                yield return pages.Current;
            }
        }
    }

    /// <summary>
    /// A row as the service gives it, unless the answer was none: every row has its keys, whatever columns were asked for.
    /// </summary>
    private static TableEntity Checked(TableEntity row) =>
        row.ContainsKey("RowKey") || row.ContainsKey("PartitionKey") ? row : throw NoTableResponse();

    private static StorageUnavailableException NoTableResponse() =>
        new("The answer of the table service is not one of a table: is it a proxy's, or another service's?");

    /// <summary>Whether an empty page says that it is one: the SDK takes any object for it.</summary>
    private static bool IsPage(Response response)
    {
        var reader = new Utf8JsonReader(response.Content.ToMemory().Span);
        for (var depth = 0; reader.Read(); )
        {
            if (depth == 1 && reader.TokenType is JsonTokenType.PropertyName && reader.ValueTextEquals("value"u8))
            {
                return reader.Read() && reader.TokenType is JsonTokenType.StartArray;
            }
            depth = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0);
        }
        return false;
    }

    /// <summary>
    /// Writes a row in place of the one there is. Columns that this version does not know stay, and a row of a newer version stays as it
    /// is.
    /// </summary>
    /// <param name="format">The row's kind.</param>
    /// <param name="row">The row as it is to be.</param>
    /// <param name="known">The row as it was read last, to be replaced without another read; null for none.</param>
    /// <param name="hasRead">Whether <paramref name="known"/> says what was there.</param>
    /// <exception cref="StorageUnavailableException">It could not be written. Whether it is committed is unknown.</exception>
    public async Task PutAsync<T>(
        RowFormat<T> format,
        RowBuilder row,
        TableEntity? known,
        bool hasRead,
        CancellationToken cancellationToken
    )
        where T : class
    {
        for (var round = 1; ; round++)
        {
            if (!hasRead || round > 1)
            {
                known = await GetAsync(row.Entity.PartitionKey, row.Entity.RowKey, cancellationToken);
            }
            if (Read(format, known).Unreadable is { IsFromNewerVersion: true })
            {
                return;
            }
            row.SetUnknown(new UnknownReader().Content(known is null ? null : format.UnknownOf(known)));
            try
            {
                await SendAsync(
                    [
                        known is null
                            ? new(TableTransactionActionType.Add, row.Entity)
                            : new(TableTransactionActionType.UpdateReplace, row.Entity, known.ETag),
                    ],
                    cancellationToken
                );
                return;
            }
            catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken))
            {
                if (round == MaxPutRounds || !(StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e)))
                {
                    throw StorageFailure.Unavailable(e);
                }
                StorageMetrics.Conflicts.Add(1);
            }
        }
    }

    /// <summary>
    /// Sends one write, or several of one partition as a transaction, once; creates the table and sends again if it is missing. Throws the
    /// SDK's exception, for the caller to classify.
    /// </summary>
    /// <returns>The rows' new ETags, in order.</returns>
    public async Task<IReadOnlyList<ETag>> SendAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var seen = Volatile.Read(ref _creations);
        try
        {
            return await SendOnceAsync(actions, cancellationToken);
        }
        catch (Exception e) when (StorageFailure.IsTableMissing(e))
        {
            await CreateAsync(seen).WaitAsync(cancellationToken);
            return await SendOnceAsync(actions, cancellationToken);
        }
    }

    /// <summary>Creates the table if it is missing.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => CreateAsync(Volatile.Read(ref _creations)).WaitAsync(cancellationToken);

    public string Name => writing.Name;

    /// <summary>
    /// All shards miss a new table at once: one of them creates it, the others wait for that, and who comes late finds it done.
    /// </summary>
    /// <param name="seen">How often it had been created when the caller last looked.</param>
    private Task CreateAsync(int seen)
    {
        lock (_creationLock)
        {
            if (_creations == seen && _creation.IsCompleted)
            {
                // Not cancelled by one caller: other callers await the same task. The client's timeouts bound it.
                _creation = CreateOnceAsync();
            }
            return _creation;
        }
    }

    private async Task CreateOnceAsync()
    {
        await tables.CreateAsync(writing, CancellationToken.None);
        Interlocked.Increment(ref _creations);
    }

    private async Task<IReadOnlyList<ETag>> SendOnceAsync(
        IReadOnlyList<TableTransactionAction> actions,
        CancellationToken cancellationToken
    )
    {
        using var deadline = tables.Deadline(cancellationToken).Start();
        if (actions is [var single])
        {
            var response = single.ActionType switch
            {
                TableTransactionActionType.Add => await writing.AddEntityAsync(single.Entity, deadline.Token),
                TableTransactionActionType.UpsertReplace => await writing.UpsertEntityAsync(
                    single.Entity,
                    TableUpdateMode.Replace,
                    deadline.Token
                ),
                TableTransactionActionType.UpsertMerge => await writing.UpsertEntityAsync(
                    single.Entity,
                    TableUpdateMode.Merge,
                    deadline.Token
                ),
                TableTransactionActionType.UpdateMerge => await writing.UpdateEntityAsync(
                    single.Entity,
                    single.ETag,
                    TableUpdateMode.Merge,
                    deadline.Token
                ),
                TableTransactionActionType.UpdateReplace => await writing.UpdateEntityAsync(
                    single.Entity,
                    single.ETag,
                    TableUpdateMode.Replace,
                    deadline.Token
                ),
                TableTransactionActionType.Delete => await writing.DeleteEntityAsync(
                    single.Entity.PartitionKey,
                    single.Entity.RowKey,
                    single.ETag,
                    deadline.Token
                ),
                _ => throw new ArgumentOutOfRangeException(nameof(actions), single.ActionType, null),
            };
            return [response.Headers.ETag ?? default];
        }
        var answer = await writing.SubmitTransactionAsync(actions, deadline.Token);
        // The SDK takes the outcome from the first part of the response. One that does not cover every row proves nothing of any: the rows
        // are read back.
        return answer.Value.Count == actions.Count && !answer.Value.Any(part => part.IsError)
            ? [.. answer.Value.Select(part => part.Headers.ETag ?? default)]
            : throw new IOException($"The answer to a transaction of {actions.Count} rows has {answer.Value.Count} parts.");
    }
}
