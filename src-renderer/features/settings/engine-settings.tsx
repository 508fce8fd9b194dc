import type { ReactNode } from 'react'

import { Button } from '../../components/button.tsx'
import { ChoiceList, type Choice } from '../../components/choice-list.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Group } from '../../components/group.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { useSnapshot } from '../../stores/app-store.ts'
import { engineChoices, whicheverIsFound } from './engine-choices.ts'
import { engineTextOf } from './settings-text.ts'
import { useWish } from './use-wish.ts'

export function EngineSettings(): ReactNode {
  const engine = useSnapshot((snapshot) => snapshot.engine)
  const choose = useCommand('engine.choose')
  const lookAgain = useCommand('engine.look-again')
  const openLink = useCommand('app.open-link')
  const chosen = useWish(engine.chosen ?? whicheverIsFound)
  const choices: readonly Choice[] = engineChoices(engine)
  const failed = [choose, lookAgain, openLink].find(({ failure }) => failure !== undefined)
  return (
    <Group title="Container engine">
      <p className="group-note" role="status">
        {engineTextOf(engine)}
      </p>
      {engine.error !== undefined && (
        <FailureNote error={engine.error}>
          {engine.state === 'missing' && (
            <Button pending={openLink.pending} onPress={() => void openLink.run({ link: 'install-engine' })}>
              Get an engine
            </Button>
          )}
        </FailureNote>
      )}
      <ChoiceList
        legend="Which one to use"
        choices={choices}
        value={chosen.value}
        busy={chosen.pending}
        onChange={(value) =>
          chosen.wish(value, choose.run(value === whicheverIsFound ? {} : { address: value }))
        }
      />
      <div className="row-buttons">
        <Button
          pending={lookAgain.pending || engine.state === 'looking'}
          onPress={() => void lookAgain.run({})}
        >
          Look again
        </Button>
      </div>
      {failed?.failure !== undefined && <FailureNote error={failed.failure} onDismiss={failed.clear} />}
    </Group>
  )
}
