import { Search } from 'lucide-react'

import { Input } from './ui/input'

export function FilterInput({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}) {
  return (
    <div className="relative w-full max-w-64">
      <Search
        className="pointer-events-none absolute top-2 left-2 size-3.5 text-muted-foreground"
        aria-hidden
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-7.5 pl-7 text-xs"
      />
    </div>
  )
}
