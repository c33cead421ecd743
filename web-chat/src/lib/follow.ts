export type Connection = 'connecting' | 'open' | 'lost'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 15_000
const HIDDEN_MS = 60_000

interface Follower {
  /** Event names and what to do with their data, read as JSON. */
  on: Record<string, (data: unknown) => void>
  onConnection?: (connection: Connection) => void
}

/**
 * Follows a stream of server-sent events until the returned function is called.
 *
 * EventSource reconnects by itself after a dropped connection, with Last-Event-ID; after an answer that is no stream it
 * gives up for good, and this opens it anew after the last event, with a growing wait. A page that stays hidden lets its
 * stream go until it is looked at: a browser keeps only six connections to a server for all tabs.
 */
export function follow(url: string, { on, onConnection }: Follower): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT_MS
  let last = ''

  function open(): void {
    const opened = new EventSource(last ? `${url}?after=${last}` : url)
    source = opened
    opened.onopen = () => {
      wait = FIRST_WAIT_MS
      onConnection?.('open')
    }
    opened.onerror = () => {
      onConnection?.('lost')
      if (opened.readyState !== EventSource.CLOSED) return
      close()
      timer = setTimeout(open, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    }
    for (const [name, handle] of Object.entries(on))
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        last = event.lastEventId || last
        handle(JSON.parse(event.data))
      })
  }

  function close(): void {
    clearTimeout(timer)
    source?.close()
    source = null
  }

  function onVisibility(): void {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(close, HIDDEN_MS)
    else if (!source) open()
  }

  onConnection?.('connecting')
  open()
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    close()
  }
}
