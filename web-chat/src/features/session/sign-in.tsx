import { type SyntheticEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { LanguageSwitch } from '@/app/layout/language-switch'
import { ThemeSwitch } from '@/app/layout/theme-switch'
import { Mark } from '@/components/mark'
import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { sayFailure } from '@/lib/api/failure'

import { useSignIn } from './api'

export function SignIn() {
  const { t, i18n } = useTranslation()
  const [password, setPassword] = useState('')
  const signIn = useSignIn()
  const box = useRef<HTMLInputElement>(null)

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    // A wrong password stays, marked, so that typing replaces it.
    if (password) signIn.mutate(password, { onError: () => box.current?.select() })
  }

  return (
    <main className="flex min-h-dvh flex-col">
      <div className="flex justify-end gap-1 p-3">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <form onSubmit={submit} className="m-auto w-full max-w-80 space-y-5 px-4 pb-32">
        <div className="space-y-3">
          <Mark className="size-10" />
          <div>
            <h1 className="text-lg font-semibold">Tradehelm</h1>
            <p className="text-muted-foreground">{t('signIn.lead')}</p>
          </div>
        </div>
        <div className="space-y-1.5">
          <Label htmlFor="password">{t('signIn.password')}</Label>
          <Input
            ref={box}
            id="password"
            type="password"
            autoComplete="current-password"
            autoFocus
            required
            value={password}
            aria-invalid={signIn.isError || undefined}
            aria-describedby={signIn.isError ? 'sign-in-error' : undefined}
            onChange={(event) => setPassword(event.target.value)}
            data-testid="sign-in-password"
          />
        </div>
        {signIn.isError && (
          <div id="sign-in-error">
            <ErrorNote>{sayFailure(signIn.error, t, i18n.language)}</ErrorNote>
          </div>
        )}
        <Button
          type="submit"
          className="w-full"
          disabled={signIn.isPending || !password}
          data-testid="sign-in-submit"
        >
          {t('signIn.submit')}
        </Button>
        <p className="text-xs text-muted-foreground">{t('signIn.hint')}</p>
      </form>
    </main>
  )
}
