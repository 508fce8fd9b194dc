import type { ReactNode } from 'react'

import { Button } from '../../components/button.tsx'

interface ActionRowProps {
  readonly title: string
  readonly text: string
  readonly action: string
  readonly danger?: boolean
  readonly pending: boolean
  readonly onPress: () => void
}

export function ActionRow({
  title,
  text,
  action,
  danger = false,
  pending,
  onPress,
}: ActionRowProps): ReactNode {
  return (
    <div className="setting">
      <span className="setting-words">
        {title}
        <small>{text}</small>
      </span>
      <Button kind={danger ? 'danger' : 'plain'} pending={pending} onPress={onPress}>
        {action}
      </Button>
    </div>
  )
}
