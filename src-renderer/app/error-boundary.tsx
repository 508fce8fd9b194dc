import { Component, type ReactNode } from 'react'

import { Button } from '../components/button.tsx'
import { FailureNote } from '../components/failure-note.tsx'

interface State {
  readonly broken: boolean
}

/** A mistake in this page must not leave an empty window: drives go on without it. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { broken: false }

  static getDerivedStateFromError(): State {
    return { broken: true }
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children
    return (
      <main className="starting" aria-label="Mountbar">
        <h1 className="sr-only">Mountbar</h1>
        <FailureNote error={{ code: 'unexpected', args: {} }}>
          <Button onPress={() => location.reload()}>Show again</Button>
        </FailureNote>
      </main>
    )
  }
}
