import { useEffect, useState } from 'react'

import { useAppStore } from '../stores/app-store.ts'

/** Main's clock, which goes on between two snapshots. Renders again every `everyMs`. */
export function useNow(everyMs: number): number {
  const nowMs = useAppStore(({ snapshot }) => snapshot?.nowMs ?? 0)
  const receivedAtMs = useAppStore((state) => state.receivedAtMs)
  const [tickMs, setTickMs] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setTickMs(performance.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return nowMs + Math.max(0, tickMs - receivedAtMs)
}
