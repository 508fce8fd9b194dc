import type { MountbarBridge } from '../../src-main/shared/app/answers.ts'
import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import { send } from '../lib/send.ts'
import { useAppStore, withSnapshot } from '../stores/app-store.ts'
import { useUiStore } from '../stores/ui-store.ts'

/** Mirrors what main publishes, beginning with what it knows now. @returns what ends it. */
export function connect(bridge: MountbarBridge): () => void {
  const ends = [
    bridge.onSnapshot(accept),
    bridge.onNavigate((place) => {
      const ui = useUiStore.getState()
      if (place === 'engine') ui.showSettings(place)
      else ui.show(place)
    }),
  ]
  void fetchSnapshot()
  return () => {
    for (const end of ends) end()
  }
}

/** Asks for the whole state; once at the start, and again when a person wants to try again. */
export async function fetchSnapshot(): Promise<void> {
  const answer = await send('snapshot.get', {})
  if (answer.ok) accept(answer.value)
  else useAppStore.setState({ failure: answer.error })
}

function accept(snapshot: Snapshot): void {
  useAppStore.setState((state) => withSnapshot(state, snapshot, performance.now()))
}
