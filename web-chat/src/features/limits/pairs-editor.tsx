import { Plus, X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { errorProps } from '@/components/error-props'
import { Field } from '@/components/field'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'

import { readPairs } from './change'

/** A list of pairs or patterns: each can be taken off; several can be added at once, in whatever spelling. */
export function PairsEditor({
  id,
  label,
  hint,
  placeholder,
  pairs,
  valid,
  error,
  onChange,
}: {
  id: string
  label: string
  hint: string
  placeholder: string
  pairs: readonly string[]
  valid: RegExp
  error: string
  onChange: (pairs: readonly string[]) => void
}) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [refused, setRefused] = useState(false)

  function add() {
    const read = readPairs(text)
    const bad = read.filter((pair) => !valid.test(pair))
    setRefused(bad.length > 0)
    onChange([...new Set([...pairs, ...read.filter((pair) => valid.test(pair))])].sort())
    setText(bad.join(' '))
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' && event.key !== ',') return
    event.preventDefault()
    if (text.trim()) add()
  }

  const problem = refused ? error : undefined
  return (
    <Field id={id} label={label} hint={hint} error={problem}>
      {pairs.length > 0 && (
        <ul className="mt-0.5 mb-1.5 flex flex-wrap gap-1" aria-label={label}>
          {pairs.map((pair) => (
            <li key={pair}>
              <Badge className="h-6 gap-0.5 pr-0 pointer-coarse:h-8">
                {pair}
                <button
                  type="button"
                  aria-label={t('limits.remove', { pair })}
                  onClick={() => onChange(pairs.filter((other) => other !== pair))}
                  className="grid size-6 place-items-center rounded-sm text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring pointer-coarse:size-8"
                >
                  <X className="size-3" aria-hidden />
                </button>
              </Badge>
            </li>
          ))}
        </ul>
      )}
      <div className="flex gap-1.5">
        <Input
          {...errorProps(id, problem)}
          placeholder={placeholder}
          value={text}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setRefused(false)
            setText(event.target.value)
          }}
          onKeyDown={onKeyDown}
          onBlur={() => text.trim() && add()}
          data-testid={`limit-${id}`}
        />
        <Button
          variant="outline"
          size="icon"
          aria-label={t('limits.add', { label })}
          disabled={!text.trim()}
          onClick={add}
        >
          <Plus />
        </Button>
      </div>
    </Field>
  )
}
