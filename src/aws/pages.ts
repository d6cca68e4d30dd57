// Lists come in pages; this walks them all, one call at a time, nothing silently cut short.

/** Yields each item of all pages. `fetch` gets the token of the page to read and returns its items and the next token. */
export async function* pages<T>(
  fetch: (token: string | undefined) => Promise<{ items: readonly T[] | undefined; next: string | undefined }>,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  let token: string | undefined;
  do {
    signal?.throwIfAborted();
    const page = await fetch(token);
    yield* page.items ?? [];
    // Some services send an empty token on the last page.
    token = page.next === "" ? undefined : page.next;
  } while (token !== undefined);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
