import type { ReactNode } from 'react'

import type { StackPlan, WayIn } from '../../../src-main/shared/app/stacks.ts'
import { Button } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Group } from '../../components/group.tsx'
import { Icon } from '../../components/icon.tsx'
import { changeLooks, changesTextOf, monthlyTextOf, wayInNameOf } from './stack-text.ts'
import type { StackActions } from './use-stack.ts'

interface StackPlannedProps {
  readonly plan: StackPlan
  readonly wayIn: WayIn
  readonly actions: StackActions
}

/** The third step: what would be made, what it costs, what to know; and the yes. */
export function StackPlanned({ plan, wayIn, actions }: StackPlannedProps): ReactNode {
  const { changes, warnings } = plan
  return (
    <>
      <div className="price">
        <p className="price-sum">{capitalized(monthlyTextOf(plan))}</p>
        <p className="field-hint">What is stored and moved comes on top.</p>
        <p className="field-hint">Way in: {wayInNameOf(wayIn)}</p>
      </div>
      {warnings.length > 0 && (
        <div className="note note-warning">
          <Icon name="warning" className="note-icon" />
          <ul className="note-body warnings" aria-label="What to know before">
            {warnings.map((warning) => (
              <li key={warning} className="note-text">
                {warning}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Group title="In your AWS account">
        <p className="group-note">{changesTextOf(changes)}</p>
        {changes.length > 0 && (
          <ul className="changes" aria-label="Changes">
            {changes.map(({ action, what }) => (
              <li key={`${action} ${what}`} className={`plan-change plan-change-${action}`}>
                <Icon name={changeLooks[action].icon} />
                <span className="plan-what">{what}</span>
                <span className="plan-word">{changeLooks[action].word}</span>
              </li>
            ))}
          </ul>
        )}
      </Group>
      {actions.failure !== undefined && <FailureNote error={actions.failure} onDismiss={actions.clear} />}
      <div className="form-buttons">
        <Button pending={actions.goBack.pending} onPress={actions.goBack.run}>
          Back
        </Button>
        <Button kind="primary" pending={actions.deploy.pending} onPress={actions.deploy.run}>
          Deploy
        </Button>
      </div>
    </>
  )
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
