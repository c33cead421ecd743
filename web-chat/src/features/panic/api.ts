import { useSubmit } from '@/features/actions/outcome'
import { answer, api } from '@/lib/api/client'

/** Nothing enters any more, at once; with `exit` all that is held is sold, too. */
export function usePressPanic() {
  return useSubmit((exit: boolean) => answer(api.POST('/api/panic', { body: { exit } })), {
    quiet: true,
  })
}

/** Asks for the panic stop to be lifted: that takes a person's word. */
export function useReleasePanic() {
  return useSubmit(() => answer(api.POST('/api/panic/release')))
}
